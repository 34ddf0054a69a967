#pragma once

#include <fmt/format.h>

#include <vector>

#include "core/checked.hpp"
#include "core/memory.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

// Returns make(sizes), an array of these sizes. Throws InvalidArgument, in the name of `who`, if it does not fit in
// memory.
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
    throw too_large("a result that fits in memory");
  }
}

}  // namespace xeras::text
