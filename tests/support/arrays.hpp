#pragma once

#include <algorithm>

#include "xeras/core/tensor.hpp"

// True when every element of the array equals `value`.
inline bool all_are(const xeras::Tensor& array, float value) {
  return std::all_of(array.begin(), array.end(), [&](float element) { return element == value; });
}
