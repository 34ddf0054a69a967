#include "models/step_batches.hpp"

namespace xeras {

bool StepBatches::begin_epoch(std::int64_t epoch, std::uint64_t seed) {
  made_ = 0;
  return position_ > 0 || source_.begin_epoch(epoch, seed);
}

bool StepBatches::resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) {
  if (!source_.resume_pass(epoch, seed, batches)) return false;
  position_ = batches % *source_.size();
  return true;
}

std::optional<Batch> StepBatches::next() {
  if (made_ == steps_) return {};
  if (made_ > 0 && position_ == 0) {
    warn_of_end(who_, "steps_per_epoch", made_, steps_);
    return {};
  }
  const std::optional<Batch> batch = source_.next();
  ++made_;
  if (++position_ == source_.size()) position_ = 0;
  return batch;
}

}  // namespace xeras
