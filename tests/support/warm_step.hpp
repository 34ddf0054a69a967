#pragma once

#include "support/allocation_counter.hpp"
#include "support/threads.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::testing {

// Returns the number of heap allocations of a training step and a prediction in one thread, after three of each.
inline std::size_t allocations_of_warm_step(Sequential& model, const Input& x, const Input& y) {
  const Threads one(1);
  Tensor result;
  const auto step = [&] {
    model.train_on_batch(x, y);
    model.predict(x, result);
  };
  for (int i = 0; i < 3; ++i) step();
  const AllocationCounter counter;
  step();
  return counter.count();
}

}  // namespace xeras::testing
