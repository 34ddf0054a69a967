#include "models/tally.hpp"

#include <limits>

namespace xeras {

Tally::Tally(const Compiled& compiled)
    : names_(compiled.names), metrics_(compiled.metrics), weighted_(compiled.weighted_metrics) {
  reset();
}

Tally Tally::with_copies(const Compiled& compiled) {
  Tally tally(compiled.names);
  for (const MetricArgument& metric : compiled.metrics) tally.copies_.push_back(metric->clone());
  for (const MetricArgument& metric : compiled.weighted_metrics) tally.copies_.push_back(metric->clone());
  const std::span<const MetricArgument> all = tally.copies_;
  tally.metrics_ = all.first(compiled.metrics.size());
  tally.weighted_ = all.subspan(compiled.metrics.size());
  tally.reset();
  return tally;
}

void Tally::reset() {
  loss_ = 0.0;
  samples_ = 0;
  for (const MetricArgument& metric : metrics_) metric->reset_state();
  for (const MetricArgument& metric : weighted_) metric->reset_state();
}

void Tally::add_batch(const Targets& targets, double loss, std::int64_t samples) {
  loss_ += loss * static_cast<double>(samples);
  samples_ += samples;
  has_predictions_ = targets.y_pred != nullptr;
  if (!has_predictions_) return;
  Targets unweighted = targets;
  unweighted.sample_weight = nullptr;
  for (const MetricArgument& metric : metrics_) metric->update(unweighted);
  for (const MetricArgument& metric : weighted_) metric->update(targets);
}

const std::string* Tally::visit_state(const std::function<void(double&)>& visit) {
  visit(loss_);
  metrics::visit_count(samples_, visit);
  const std::string* unshown = nullptr;
  for (const std::span<const MetricArgument> metrics : {metrics_, weighted_}) {
    for (const MetricArgument& metric : metrics) {
      if (!metric->visit_state(visit) && unshown == nullptr) unshown = &metric->name();
    }
  }
  return unshown;
}

bool Tally::fits(std::span<const double> numbers) const {
  std::size_t next = 2;  // behind the loss and the number of samples
  for (const std::span<const MetricArgument> metrics : {metrics_, weighted_}) {
    for (const MetricArgument& metric : metrics) {
      metric->clone()->visit_state([&](double& number) {
        if (next < numbers.size()) number = numbers[next];
        ++next;
      });
    }
  }
  return next == numbers.size();
}

Scores Tally::scores() const {
  Scores scores(names_);
  std::size_t i = 0;
  scores.set(i++, samples_ > 0 ? loss_ / static_cast<double>(samples_) : 0.0);
  for (const std::span<const MetricArgument> metrics : {metrics_, weighted_}) {
    for (const MetricArgument& metric : metrics) {
      scores.set(i++, has_predictions_ ? metric->result() : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return scores;
}

}  // namespace xeras
