#include "xeras/metrics/f_score.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/shown.hpp"
#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

constexpr double epsilon = 1e-7;

std::string shown_number(double value) { return std::isnan(value) ? "nan" : fmt::format("{}", value); }

}  // namespace

void FScore::set_options(const std::string& name, const std::optional<std::string>& average, double beta,
                         const std::optional<double>& threshold) {
  if (!average) {
    average_ = Average::none;
  } else if (*average == "micro") {
    average_ = Average::micro;
  } else if (*average == "macro") {
    average_ = Average::macro;
  } else if (*average == "weighted") {
    average_ = Average::weighted;
  } else {
    throw InvalidArgument(
        fmt::format("{}: {}", name, unknown_name("average", *average, {"micro", "macro", "weighted"})));
  }
  if (!(beta > 0.0) || !std::isfinite(beta)) {
    throw InvalidArgument(fmt::format("{}: beta is {}; expected a positive number.", name, shown_number(beta)));
  }
  if (threshold && !(*threshold > 0.0 && *threshold <= 1.0)) {
    throw InvalidArgument(
        fmt::format("{}: threshold is {}; expected a number above 0 and at most 1.", name, shown_number(*threshold)));
  }
  beta_ = beta;
  threshold_ = threshold;
}

void FScore::update(const Targets& targets) {
  const std::int64_t columns = targets.pred_columns;
  const bool is_micro = average_ == Average::micro;
  const std::size_t entries = is_micro ? 1 : static_cast<std::size_t>(columns);
  if (counts_.empty()) counts_.resize(entries);
  if (counts_.size() != entries) {
    throw InvalidInput(
        fmt::format("{}: the prediction has {} columns, and that of an earlier batch {}; expected the "
                    "same number.",
                    name(), columns, counts_.size()));
  }
  for_each_row(targets, [&](std::int64_t r, double weight) {
    const float* y = targets.y_true + r * columns;
    const float* p = targets.y_pred + r * columns;
    const float largest = *std::max_element(p, p + columns);
    for (std::int64_t c = 0; c < columns; ++c) {
      const bool is_positive =
          threshold_ ? p[c] > static_cast<float>(*threshold_) : p[c] >= largest && std::abs(p[c]) > 1e-9f;
      Counts& counts = counts_[is_micro ? 0 : static_cast<std::size_t>(c)];
      const double target = y[c];
      if (is_positive) {
        counts.true_positives += weight * target;
        counts.false_positives += weight * (1.0 - target);
      } else {
        counts.false_negatives += weight * target;
      }
      counts.targets += weight * target;
    }
  });
}

double FScore::score(const Counts& counts) const {
  const double precision = counts.true_positives / (counts.true_positives + counts.false_positives + epsilon);
  const double recall = counts.true_positives / (counts.true_positives + counts.false_negatives + epsilon);
  const double square = beta_ * beta_;
  return precision * recall / (square * precision + recall + epsilon) * (1.0 + square);
}

double FScore::result() const {
  if (counts_.empty()) return 0.0;
  double sum = 0.0, targets = 0.0;
  const bool is_weighted = average_ == Average::weighted;
  for (const Counts& counts : counts_) {
    sum += score(counts) * (is_weighted ? counts.targets : 1.0);
    targets += counts.targets;
  }
  return sum / (is_weighted ? targets + epsilon : static_cast<double>(counts_.size()));
}

Tensor FScore::results() const {
  if (average_ != Average::none) return Metric::results();
  Tensor results = Tensor::from_shape({counts_.size()});
  std::transform(counts_.begin(), counts_.end(), results.begin(),
                 [this](const Counts& counts) { return static_cast<float>(score(counts)); });
  return results;
}

bool FScore::visit_state(const std::function<void(double&)>& visit) {
  visit_length(counts_, visit);
  for (Counts& of : counts_) {
    for (double* const number : {&of.true_positives, &of.false_positives, &of.false_negatives, &of.targets}) {
      visit(*number);
    }
  }
  return true;
}

void FScore::reset_state() { std::fill(counts_.begin(), counts_.end(), Counts()); }

void FScore::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  check_targets(
      y_true, y_pred, who,
      {.kind = y_pred.rank() > 1 && y_pred.last() > 1 ? TargetKind::one_hot : TargetKind::values, .name = name()});
}

FBetaScore::FBetaScore(FBetaScoreOptions options) : MetricWith(std::move(options)) {
  set_options(config().name, config().average, config().beta, config().threshold);
}

F1Score::F1Score(F1ScoreOptions options) : MetricWith(std::move(options)) {
  set_options(config().name, config().average, 1.0, config().threshold);
}

}  // namespace xeras::metrics
