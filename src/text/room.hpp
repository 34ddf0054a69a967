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
  const auto fail = [&](const char* expected) {
    throw InvalidArgument(fmt::format("{}: the result would have shape {}; expected {}. Ask for less.", who,
                                      Shape(std::vector<Dim>(sizes.begin(), sizes.end())).to_string(), expected));
  };
  if (!fits_memory(Shape(std::vector<Dim>(sizes.begin(), sizes.end())))) fail("fewer than 2^45 numbers");
  try {
    return make(sizes);
  } catch (const OutOfMemory&) {
    fail("what this machine's memory holds");
    throw;
  }
}

}  // namespace xeras::text
