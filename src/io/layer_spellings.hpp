#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// Says in the library's words what a file says in others: a layer as an activation, RNN(LSTMCell), a seed that is a
// generator, unroll. Changes the arguments, which are plain otherwise, and returns the class's name.
std::string respell(const std::string& class_name, Value::Dict& arguments, const std::string& place);

// An array as Keras 3 writes it, or a number.
Value array_or_number(const Value& numbers);

// The activation of Keras 2 that Keras 3 lacks, as layers that compute the same: what Keras 3 reads in its place.
Value keras2_hard_sigmoid_as_layers();

}  // namespace xeras::io
