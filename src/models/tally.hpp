#pragma once

#include <functional>

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
  // Metrics are NaN if y_pred is null.
  void add_batch(const Targets& targets, double loss, std::int64_t samples);
  Scores scores() const;
  // Visits all numbers of the state, for callbacks that save it in the middle of an epoch. Returns the name of the
  // first metric that does not show its state, which then has no number; null if all do.
  const std::string* visit_state(const std::function<void(double& number)>& visit);
  // Returns true if these are the numbers of such a state.
  bool fits(std::span<const double> numbers) const;

 private:
  explicit Tally(Scores::Names names) : names_(std::move(names)) {}

  Scores::Names names_;
  std::vector<MetricArgument> copies_;
  std::span<const MetricArgument> metrics_;
  std::span<const MetricArgument> weighted_;
  double loss_ = 0.0;
  std::int64_t samples_ = 0;
  bool has_predictions_ = true;
};

// Shows a tally, as the one of the running fit, in `place` during its lifetime.
class TallyInUse {
 public:
  TallyInUse(Tally*& place, Tally& tally) : place_(place) { place_ = &tally; }
  ~TallyInUse() { place_ = nullptr; }
  TallyInUse(const TallyInUse&) = delete;
  TallyInUse& operator=(const TallyInUse&) = delete;

 private:
  Tally*& place_;
};

}  // namespace xeras
