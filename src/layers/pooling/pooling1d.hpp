#pragma once

#include <array>

#include "kernels/pool1d.hpp"
#include "layers/parallel_each.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

// Helpers of MaxPooling1D and AveragePooling1D; Options are those of either.
namespace xeras::layers {

// Sets the default strides, so that the configuration always has them, as in Keras.
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

// Calls pool(sizes, in, out) for each sample of a call; in and out are the offsets of its input and output.
template <class Pool>
void each_sample(const Call& call, const Window& window, const Pool& pool) {
  const auto size = [](std::int64_t value) { return static_cast<std::size_t>(value); };
  const Extents& x = call.input().extents;
  const kernels::Pool1DSizes n{.T = size(x[1]),
                               .D = size(x[2]),
                               .S = size(window.steps_out(x[1])),
                               .size = size(window.size),
                               .stride = size(window.stride),
                               .before = size(window.before(x[1]))};
  parallel_each(size(x[0]), n.S * n.size * n.D, [&](std::size_t b) { pool(n, b * n.T * n.D, b * n.S * n.D); });
}

}  // namespace xeras::layers
