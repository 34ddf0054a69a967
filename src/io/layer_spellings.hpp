#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// Converts a file's alternative forms to the library's: a layer as an activation, RNN(LSTMCell), a seed generator,
// unroll. Changes the arguments, which are plain otherwise, and returns the class name.
std::string respell(const std::string& class_name, Value::Dict& arguments, const std::string& place);

// Returns an array in the form of Keras 3, or a number unchanged.
Value array_or_number(const Value& numbers);

// Returns Keras 2's hard_sigmoid, which Keras 3 lacks, as layers that compute the same and that Keras 3 can read.
Value keras2_hard_sigmoid_as_layers();

}  // namespace xeras::io
