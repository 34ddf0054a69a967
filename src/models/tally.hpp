#pragma once

#include "models/compiled.hpp"

namespace xeras {

// The loss and metrics of the batches so far.
class Tally {
 public:
  // Uses the model's own metrics, for training.
  explicit Tally(const Compiled& compiled);
  // Uses copies of the metrics, since other threads may evaluate, too.
  static Tally with_copies(const Compiled& compiled);

  void reset();
  void add_batch(const Targets& targets, double loss, std::int64_t samples);
  Scores scores() const;

 private:
  explicit Tally(Scores::Names names) : names_(std::move(names)) {}

  Scores::Names names_;
  std::vector<MetricArgument> copies_;
  std::span<const MetricArgument> metrics_;
  std::span<const MetricArgument> weighted_;
  double loss_ = 0.0;
  std::int64_t samples_ = 0;
};

}  // namespace xeras
