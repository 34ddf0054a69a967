#include "models/dataset_batches.hpp"

#include <fmt/format.h>

#include <numeric>

#include "core/processes.hpp"
#include "data/checks.hpp"

namespace xeras {
namespace {

[[noreturn]] void throw_no_batches(const char* who, const char* left) {
  throw InvalidInput(
      fmt::format("{}: the dataset has no batches{}; expected at least one. Check how it was made; a generator gives "
                  "each batch once.",
                  who, left));
}

}  // namespace

DatasetBatches::DatasetBatches(const char* who, const Sequential& model, data::Dataset& dataset,
                               const DatasetBatchesOptions& options)
    : who_(who),
      model_(model),
      dataset_(dataset),
      options_(options),
      stated_size_(data::size_of(who, dataset)),
      size_(stated_size_) {
  check_steps(who, options.steps_name, options.steps);
  check_workers(who, options.workers, options.max_queue_size);
}

bool DatasetBatches::begin_epoch(std::int64_t epoch, std::uint64_t seed) {
  prefetch_.reset();
  made_ = 0;
  dataset_.set_epoch(epoch);
  dataset_.on_epoch_begin();
  if (!options_.continues) pass_has_ended_ = true;
  const bool is_new_pass = pass_has_ended_;
  if (is_new_pass) begin_pass(seed);
  begin_batches();
  if (!stated_size_ && !first_.x && !is_new_pass) {
    prefetch_.reset();
    begin_pass(seed);
    begin_batches();
  }
  const bool has_any = stated_size_ ? *stated_size_ > 0 : static_cast<bool>(first_.x);
  if (!has_any) {
    prefetch_.reset();
    pass_has_ended_ = true;
    if (!has_made_any_ || !options_.continues) throw_no_batches(who_, has_made_any_ ? " left" : "");
    dataset_.on_epoch_end();
    return false;
  }
  return true;
}

void DatasetBatches::begin_batches() {
  data::PrefetchOptions plan{.first = position_,
                             .order = order_.empty() ? nullptr : &order_,
                             .workers = options_.workers,
                             .max_queue_size = options_.max_queue_size};
  if (stated_size_) plan.end = *stated_size_;
  if (options_.steps) plan.end = std::min(plan.end, position_ + *options_.steps);
  prefetch_.emplace(dataset_, plan, processes());
  // Only the attempt to make a batch tells if there is one.
  if (!stated_size_) first_ = prefetch_->next();
}

void DatasetBatches::begin_pass(std::uint64_t seed) {
  stated_size_ = data::size_of(who_, dataset_);
  if (stated_size_) size_ = stated_size_;
  position_ = 0;
  pass_has_ended_ = false;
  order_.clear();
  if (!options_.shuffle || !stated_size_ || dataset_.in_order() || !dataset_.may_shuffle()) return;
  order_.resize(static_cast<std::size_t>(*stated_size_));
  std::iota(order_.begin(), order_.end(), std::int64_t{0});
  const RandomStream stream(seed);
  for (std::size_t i = order_.size(); i > 1; --i) std::swap(order_[i - 1], order_[stream.below(i, i)]);
}

// A dataset in order has to be read up to there; another one makes any batch, if its number is known.
bool DatasetBatches::resume_pass(std::int64_t epoch, std::uint64_t seed, std::int64_t batches) {
  dataset_.set_epoch(epoch);
  dataset_.on_epoch_begin();
  begin_pass(seed);
  if (stated_size_ && batches > *stated_size_) return false;
  if (stated_size_ && !dataset_.in_order()) {
    position_ = batches;
  } else {
    while (position_ < batches) {
      if (!dataset_.read(position_).x) return false;
      ++position_;
    }
  }
  has_made_any_ = true;
  pass_has_ended_ = stated_size_ && position_ == *stated_size_;
  dataset_.on_epoch_end();
  return true;
}

std::optional<Batch> DatasetBatches::next() {
  if (options_.steps && made_ == *options_.steps) return {};
  const bool at_end = stated_size_ && position_ == *stated_size_;
  data::Batch made;
  if (!at_end) made = first_.x ? std::exchange(first_, {}) : prefetch_->next();
  if (!made.x) {
    if (!at_end && stated_size_) {
      const std::size_t at = static_cast<std::size_t>(position_);
      data::check_has_x(who_, made, order_.empty() ? position_ : order_[at], *stated_size_);
    }
    pass_has_ended_ = true;
    if (!stated_size_) size_ = position_;
    if (options_.steps) warn_of_end(who_, options_.steps_name, made_, *options_.steps);
    return {};
  }
  samples_.x = std::move(made.x);
  if (options_.needs_targets) {
    samples_.y = std::move(made.y);
    samples_.sample_weight = std::move(made.sample_weight);
    samples_.class_weight = options_.class_weight;
  }
  ++position_;
  ++made_;
  has_made_any_ = true;
  check();
  if (stated_size_ && position_ == *stated_size_) pass_has_ended_ = true;
  return Batch{samples_, {0, samples_.x.length()}};
}

void DatasetBatches::check() {
  const std::string who = fmt::format("{}: {}", who_, batch_name());
  const Spec input = *model_.first_input();
  if (options_.needs_targets) {
    Evaluator(model_, who.c_str()).check(samples_);
  } else {
    check_x(who.c_str(), input, samples_.x);
  }
  check_any(who.c_str(), samples_.x.length());
  check_one_batch(who.c_str(), input, samples_.x.length());
}

void DatasetBatches::end_epoch() {
  prefetch_.reset();
  first_ = {};
  dataset_.on_epoch_end();
}

std::string DatasetBatches::batch_name() const {
  const std::int64_t position = position_ - 1;
  return fmt::format("batch {}", order_.empty() ? position : order_[static_cast<std::size_t>(position)]);
}

data::Batch first_batch(const char* who, data::Dataset& dataset) {
  const std::optional<std::int64_t> size = data::size_of(who, dataset);
  data::Batch batch;
  if (!size || *size > 0) batch = dataset.peek();
  if (!batch.x || batch.x.length() == 0) throw_no_batches(who, "");
  return batch;
}

void check_workers(const char* who, std::int64_t workers, std::int64_t max_queue_size) {
  if (workers < 0 || workers > 1024) {
    throw InvalidArgument(
        fmt::format("{}: workers is {}; expected 0 to 1024, a number of threads. 1 makes the batches in the calling "
                    "thread.",
                    who, workers));
  }
  if (max_queue_size < 1 || max_queue_size > 1'000'000) {
    throw InvalidArgument(
        fmt::format("{}: max_queue_size is {}; expected 1 to 1000000, the batches to make ahead. 10 is usual.", who,
                    max_queue_size));
  }
}

void check_no_workers(const char* who, std::int64_t workers, std::int64_t max_queue_size) {
  if (workers == 1 && max_queue_size == 10) return;
  throw InvalidArgument(
      fmt::format("{}: workers is {} and max_queue_size is {} with arrays; expected them with a dataset, whose batches "
                  "threads make. Leave them out.",
                  who, workers, max_queue_size));
}

void check_steps(const char* who, const char* option, const std::optional<std::int64_t>& steps) {
  if (!steps || *steps > 0) return;
  throw InvalidArgument(
      fmt::format("{}: {} is {}; expected a positive integer. Leave it out to use all batches.", who, option, *steps));
}

void throw_for_arrays(const char* who, const char* option, const char* advice) {
  throw InvalidArgument(
      fmt::format("{}: {} is given with a dataset; expected it with arrays only. {}", who, option, advice));
}

}  // namespace xeras
