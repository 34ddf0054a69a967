#pragma once

#include <array>

#include "kernels/pool1d.hpp"
#include "layers/window.hpp"

// What MaxPooling1D and AveragePooling1D share; Options are those of either.
namespace xeras::layers {

// As Keras does, so that a configuration always says what the strides are.
template <class Options>
Options with_strides(Options options) {
  if (!options.strides) options.strides = options.pool_size;
  return options;
}

template <class Options>
void check_pooling(const std::string& who, const Options& options) {
  check_positive(who, "pool_size", options.pool_size, "the number of steps that become one");
  check_positive(who, "strides", *options.strides, "the number of steps from one pool to the next");
  check_padding(who, options.padding, std::array{"valid", "same"});
  check_data_format(who, options.data_format);
}

template <class Options>
Window pool_window(const Options& options) {
  return {.size = options.pool_size, .stride = *options.strides, .padding = options.padding, .size_name = "pool_size"};
}

// For one sample of a call.
inline kernels::Pool1DSizes pool1d_sizes(const Window& window, const Extents& input) {
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  return {.T = size(input[1]),
          .D = size(input[2]),
          .S = size(window.steps_out(input[1])),
          .size = size(window.size),
          .stride = size(window.stride),
          .before = size(window.before(input[1]))};
}

}  // namespace xeras::layers
