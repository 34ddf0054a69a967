#pragma once

#include <string>

namespace xeras {

// Converts the name of a class to the name of a layer, as Keras's to_snake_case does: GlobalMaxPooling1D ->
// global_max_pooling1d, LSTM -> lstm, SimpleRNN -> simple_rnn.
std::string snake_case(const std::string& name);

}  // namespace xeras
