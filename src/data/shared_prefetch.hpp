#pragma once

#include "data/packed_batch.hpp"
#include "data/prefetch.hpp"
#include "xeras/core/processes.hpp"

namespace xeras::data {

// The batches of a dataset, of which each process makes its share and gives it to the others: all processes get all
// batches. They call next() together. Without other processes, a plain Prefetch.
class SharedPrefetch {
 public:
  // Null: this process works alone.
  SharedPrefetch(Dataset& dataset, PrefetchOptions options, Processes* processes);

  // Returns the next batch; one without x at the end.
  Batch next();

 private:
  void begin_round();

  Processes* processes_;
  Prefetch own_;
  // A round: the batch of this process, and the forms of those of all.
  Batch made_;
  std::vector<PackedBatch> round_;
  std::size_t taken_ = 0;
};

}  // namespace xeras::data
