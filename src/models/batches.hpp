#pragma once

#include <optional>

#include "models/batch.hpp"

namespace xeras {

// Rows of samples that the source keeps.
struct Batch {
  const Samples& samples;
  SampleRange rows;
};

// A source of batches, which fit, evaluate and predict read epoch by epoch.
//
// ArrayBatches is the source of arrays in memory. Datasets, generators and files are further sources, each in a file of
// its own; so are sources that change others: one that ends an epoch after so many steps, or that reads ahead in a
// thread. A source whose samples are not known at once has Evaluator::check look at those of each batch.
class Batches {
 public:
  virtual ~Batches() = default;

  // Goes to the first batch. A source that shuffles draws the order of this epoch from the seed.
  virtual void begin_epoch(std::uint64_t seed) = 0;
  // The next batch, which is valid until the next call; none at the end of the epoch.
  virtual std::optional<Batch> next() = 0;
  // The number of batches in an epoch; none where it is not known before the end, or where there is no end.
  virtual std::optional<std::int64_t> size() const = 0;
};

}  // namespace xeras
