#pragma once

#include "core/parallel.hpp"

namespace xeras {

// Calls body(i) for i = 0 .. count - 1 through parallel_for, where one item is as much work as `work` floats.
template <class Body>
void parallel_each(std::size_t count, std::size_t work, const Body& body) {
  parallel_for(count, work, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) body(i);
  });
}

}  // namespace xeras
