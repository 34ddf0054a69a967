#include "models/array_batches.hpp"

#include <algorithm>
#include <numeric>

#include "models/padding.hpp"

namespace xeras {

std::int64_t batch_size_of(const std::optional<std::int64_t>& batch_size, const std::optional<std::int64_t>& steps,
                           std::int64_t samples) {
  if (batch_size || !steps) return batch_size.value_or(32);
  return std::max<std::int64_t>(1, samples / *steps + (samples % *steps != 0 ? 1 : 0));
}

std::int64_t samples_in_steps(const char* who, const char* option, const std::optional<std::int64_t>& steps,
                              std::int64_t batch_size, std::int64_t samples) {
  if (!steps || batch_size <= 0) return samples;
  const std::int64_t batches = samples / batch_size + (samples % batch_size != 0 ? 1 : 0);
  if (*steps > batches) warn_of_end(who, option, batches, *steps);
  return *steps >= batches ? samples : *steps * batch_size;
}

ArrayBatches::ArrayBatches(const char* who, const Spec& input, Samples samples, const ArrayBatchesOptions& options)
    : samples_(std::move(samples)),
      batch_size_(batch_size_for(who, input, samples_.x.length(), options.batch_size)),
      bucket_by_length_(options.bucket_by_length) {
  if (options.shuffle) order_.resize(static_cast<std::size_t>(samples_.x.length()));
}

// Shuffles the original order, so that the result does not depend on earlier epochs.
bool ArrayBatches::begin_epoch(std::int64_t, std::uint64_t seed) {
  first_ = 0;
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  const RandomStream stream(seed);
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[stream.below(i, i)]);
  if (bucket_by_length_) bucket_by_length(samples_.x, batch_size_, RandomStream(next_random_seed()), order_);
  return true;
}

bool ArrayBatches::resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) {
  begin_epoch(epoch, seed);
  if (batches > *size()) return false;
  first_ = std::min(batches * batch_size_, samples_.x.length());
  return true;
}

std::optional<Batch> ArrayBatches::next() {
  const std::int64_t count = std::min(batch_size_, samples_.x.length() - first_);
  if (count == 0) return {};
  const SampleRange rows{first_, count, order_.empty() ? nullptr : order_.data(), samples_.first};
  first_ += count;
  return Batch{samples_, rows};
}

std::optional<std::int64_t> ArrayBatches::size() const { return (samples_.x.length() + batch_size_ - 1) / batch_size_; }

}  // namespace xeras
