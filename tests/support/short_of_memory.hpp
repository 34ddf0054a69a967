#pragma once

#include <cstddef>

namespace xeras::testing {

// While one lives, this thread's allocation with that number fails, counted from 0.
class FailingAllocation {
 public:
  explicit FailingAllocation(std::size_t number);
  ~FailingAllocation();
  FailingAllocation(const FailingAllocation&) = delete;
  FailingAllocation& operator=(const FailingAllocation&) = delete;
  // Whether it came so far.
  bool has_failed() const;
};

// While one lives, allocations of this thread that are larger fail.
class LargestAllocation {
 public:
  explicit LargestAllocation(std::size_t bytes);
  ~LargestAllocation();
  LargestAllocation(const LargestAllocation&) = delete;
  LargestAllocation& operator=(const LargestAllocation&) = delete;
};

}  // namespace xeras::testing
