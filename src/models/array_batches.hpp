#pragma once

#include <vector>

#include "models/batches.hpp"

namespace xeras {

struct ArrayBatchesOptions {
  std::int64_t batch_size;
  bool shuffle = false;
  bool bucket_by_length = false;  // requires shuffle and ids
};

// Returns the size of the batches of arrays: the given one; else one that makes so many steps; else 32.
std::int64_t batch_size_of(const std::optional<std::int64_t>& batch_size, const std::optional<std::int64_t>& steps,
                           std::int64_t samples);

// Returns how many samples the first steps take, if not all, with a warning if they are fewer than the steps.
std::int64_t samples_in_steps(const char* who, const char* option, const std::optional<std::int64_t>& steps,
                              std::int64_t batch_size, std::int64_t samples);

// The batches of arrays in memory. The last batch of an epoch may be smaller, unless the model has a fixed batch.
class ArrayBatches final : public Batches {
 public:
  // Throws InvalidArgument or InvalidInput, with `who` first, for a batch size that does not fit.
  ArrayBatches(const char* who, const Spec& input, Samples samples, const ArrayBatchesOptions& options);

  bool begin_epoch(std::int64_t epoch, std::uint64_t seed) override;
  std::optional<Batch> next() override;
  std::int64_t position() const override { return first_ == samples_.x.length() ? 0 : first_ / batch_size_; }
  bool resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) override;
  std::optional<std::int64_t> size() const override;

 private:
  Samples samples_;
  std::int64_t batch_size_;
  bool bucket_by_length_;
  std::vector<std::int64_t> order_;  // empty unless shuffled
  std::int64_t first_ = 0;           // the first sample of the next batch
};

}  // namespace xeras
