#pragma once

#include "models/batches.hpp"

namespace xeras {

// Divides passes over another source into epochs of some steps, as Keras does: an epoch continues with the next batch,
// and ends early at the end of a pass, with a warning. The epoch after that begins a new pass.
class StepBatches final : public Batches {
 public:
  StepBatches(const char* who, Batches& source, std::int64_t steps) : who_(who), source_(source), steps_(steps) {}

  bool begin_epoch(std::int64_t epoch, std::uint64_t seed) override;
  std::optional<Batch> next() override;
  std::int64_t position() const override { return position_; }
  bool resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) override;
  std::optional<std::int64_t> size() const override { return steps_; }
  std::string batch_name() const override { return source_.batch_name(); }

 private:
  const char* who_;
  Batches& source_;
  std::int64_t steps_;
  std::int64_t made_ = 0;      // in this epoch
  std::int64_t position_ = 0;  // in this pass; 0: the next epoch begins one
};

}  // namespace xeras
