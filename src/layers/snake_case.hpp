#pragma once

#include <string>

namespace xeras {

// Keras's to_snake_case, which makes a layer's name of its class: GlobalMaxPooling1D -> global_max_pooling1d,
// LSTM -> lstm, SimpleRNN -> simple_rnn.
std::string snake_case(const std::string& name);

}  // namespace xeras
