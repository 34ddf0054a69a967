#include "xeras/metrics/regression.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions options)
    : MetricWith(std::move(options)), loss_({.axis = config().axis, .name = config().name}) {}

void CosineSimilarity::rows(const Targets& targets, float* values, float* counts) const {
  loss_.per_row(targets, values, counts);
  for (std::int64_t r = 0; r < targets.rows; ++r) values[r] = -values[r];
}

double RootMeanSquaredError::result() const { return std::sqrt(MeanMetric::result()); }

void RootMeanSquaredError::rows(const Targets& targets, float* values, float*) const {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    double sum = 0.0;
    for (std::int64_t i = r * columns; i < (r + 1) * columns; ++i) {
      const double error = static_cast<double>(targets.y_pred[i]) - targets.y_true[i];
      sum += error * error;
    }
    values[r] = static_cast<float>(sum / static_cast<double>(columns));
  }
}

R2Score::R2Score(R2ScoreOptions options) : MetricWith(std::move(options)) {
  const std::optional<std::string>& aggregation = config().class_aggregation;
  if (aggregation && *aggregation != "uniform_average" && *aggregation != "variance_weighted_average") {
    throw InvalidArgument(
        fmt::format("{}: {}", config().name,
                    unknown_name("class_aggregation", *aggregation, {"uniform_average", "variance_weighted_average"})));
  }
  if (config().num_regressors < 0) {
    throw InvalidArgument(fmt::format("{}: num_regressors is {}; expected 0 or a positive integer.", config().name,
                                      config().num_regressors));
  }
}

void R2Score::update(const Targets& targets) {
  const auto size = static_cast<std::size_t>(targets.pred_columns);
  if (columns_.empty()) columns_.resize(size);
  if (columns_.size() != size) {
    throw InvalidInput(
        fmt::format("{}: the prediction has {} columns, and that of an earlier batch {}; expected the "
                    "same number.",
                    name(), size, columns_.size()));
  }
  for (std::int64_t r = 0; r < targets.rows; ++r) num_samples_ += is_masked(targets, r) ? 0 : targets.pred_columns;
  for_each_row(targets, [&](std::int64_t r, double weight) {
    for (std::size_t c = 0; c < size; ++c) {
      Column& column = columns_[c];
      const double y = targets.y_true[r * targets.pred_columns + static_cast<std::int64_t>(c)];
      const double error = y - targets.y_pred[r * targets.pred_columns + static_cast<std::int64_t>(c)];
      column.sum += weight * y;
      column.squared_sum += weight * y * y;
      column.residual += weight * error * error;
      column.weight += weight;
    }
  });
}

double R2Score::total(const Column& column) { return column.squared_sum - column.sum * column.sum / column.weight; }

double R2Score::score(const Column& column) {
  const double score = 1.0 - column.residual / total(column);
  return std::isinf(score) ? 0.0 : score;
}

double R2Score::adjusted(double score) const {
  const auto n = static_cast<double>(num_samples_), p = static_cast<double>(config().num_regressors);
  return p == 0.0 || p >= n - 1.0 ? score : 1.0 - (1.0 - score) * (n - 1.0) / (n - p - 1.0);
}

double R2Score::result() const {
  if (num_samples_ == 0) return 0.0;
  const bool by_variance = config().class_aggregation == "variance_weighted_average";
  double sum = 0.0, weights = 0.0;
  for (const Column& column : columns_) {
    const double weight = by_variance ? total(column) : 1.0;
    sum += weight * score(column);
    weights += weight;
  }
  return adjusted(sum / weights);
}

Tensor R2Score::results() const {
  if (config().class_aggregation) return Metric::results();
  Tensor results = Tensor::from_shape({columns_.size()});
  std::transform(columns_.begin(), columns_.end(), results.begin(),
                 [this](const Column& column) { return static_cast<float>(adjusted(score(column))); });
  return results;
}

bool R2Score::visit_state(const std::function<void(double&)>& visit) {
  visit_count(num_samples_, visit);
  visit_length(columns_, visit);
  for (Column& of : columns_) {
    for (double* const number : {&of.sum, &of.squared_sum, &of.residual, &of.weight}) visit(*number);
  }
  return true;
}

void R2Score::reset_state() {
  std::fill(columns_.begin(), columns_.end(), Column());
  num_samples_ = 0;
}

void R2Score::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  check_targets(y_true, y_pred, who, {.name = name()});
}

}  // namespace xeras::metrics
