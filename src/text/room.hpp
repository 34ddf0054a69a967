#pragma once

#include <fmt/format.h>

#include <vector>

#include "core/checked.hpp"
#include "core/memory.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

// make(sizes), an array of these sizes: InvalidArgument, `who` first, where memory does not hold it.
template <class Make>
auto make_array(const char* who, const std::vector<std::size_t>& sizes, const Make& make) {
  const Shape shape(std::vector<Dim>(sizes.begin(), sizes.end()));
  const auto too_large = [&](const char* expected) {
    return InvalidArgument(fmt::format("{}: the result would have shape {}; expected {}. Ask for less.", who,
                                       shape.to_string(), expected));
  };
  if (!fits_memory(shape)) throw too_large("fewer than 2^45 numbers");
  try {
    return make(sizes);
  } catch (const OutOfMemory&) {
    throw too_large("what this machine's memory holds");
  }
}

}  // namespace xeras::text
