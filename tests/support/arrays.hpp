#pragma once

#include <algorithm>

#include "xeras/core/tensor.hpp"

// Every element of the array is this number.
inline bool all_are(const xeras::Tensor& array, float value) {
  return std::all_of(array.begin(), array.end(), [&](float element) { return element == value; });
}
