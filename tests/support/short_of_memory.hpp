#pragma once

#include <cstddef>

namespace xeras::testing {

// During its lifetime, the allocation of this thread with that number, counted from 0, fails.
class FailingAllocation {
 public:
  explicit FailingAllocation(std::size_t number);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  // True when that allocation was reached.
  bool has_failed() const;
};

// During its lifetime, larger allocations of this thread fail.
class LargestAllocation {
 public:
  explicit LargestAllocation(std::size_t bytes);
  ~LargestAllocation();
  LargestAllocation(const LargestAllocation&) = delete;
  LargestAllocation& operator=(const LargestAllocation&) = delete;
};

}  // namespace xeras::testing
