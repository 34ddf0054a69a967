#pragma once

#include <cstddef>

namespace xeras::testing {

// Counts the heap allocations of this thread during its lifetime.
class AllocationCounter {
 public:
  AllocationCounter();
  std::size_t count() const;

 private:
  std::size_t start_;
};

}  // namespace xeras::testing
