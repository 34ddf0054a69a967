#pragma once

#include <optional>

#include "models/batch.hpp"

namespace xeras {

// A range of samples, which the source owns.
struct Batch {
  const Samples& samples;
  SampleRange rows;
};

// A source of batches that fit, evaluate and predict read epoch by epoch.
//
// ArrayBatches reads arrays in memory. Each further source gets a file of its own: datasets, generators, files, and
// sources that wrap others, such as one that ends an epoch after some steps or reads ahead in a thread. A source that
// does not know all samples in advance calls Evaluator::check for each batch.
class Batches {
 public:
  virtual ~Batches() = default;

  // Starts with the first batch. A source that shuffles derives the order of this epoch from the seed.
  virtual void begin_epoch(std::uint64_t seed) = 0;
  // Returns the next batch, valid until the next call; none at the end of the epoch.
  virtual std::optional<Batch> next() = 0;
  // Returns the number of batches in an epoch; none if it is unknown or infinite.
  virtual std::optional<std::int64_t> size() const = 0;
};

}  // namespace xeras
