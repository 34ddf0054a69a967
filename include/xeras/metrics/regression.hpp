#pragma once

#include "xeras/losses/regression.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The mean of the loss: model.compile("adam", "mae", metrics::MeanSquaredError({.name = "error"}));
XERAS_LOSS_METRIC(MeanSquaredError, losses::MeanSquaredError, "mean_squared_error")
/// The mean of the loss: model.compile("adam", "mse", metrics::MeanAbsoluteError({.name = "error"}));
XERAS_LOSS_METRIC(MeanAbsoluteError, losses::MeanAbsoluteError, "mean_absolute_error")
/// The mean of the loss: model.compile("adam", "mse", metrics::MeanAbsolutePercentageError());
XERAS_LOSS_METRIC(MeanAbsolutePercentageError, losses::MeanAbsolutePercentageError, "mean_absolute_percentage_error")
/// The mean of the loss: model.compile("adam", "mse", metrics::MeanSquaredLogarithmicError());
XERAS_LOSS_METRIC(MeanSquaredLogarithmicError, losses::MeanSquaredLogarithmicError, "mean_squared_logarithmic_error")
/// The mean of the loss losses::LogCosh: model.compile("adam", "mse", metrics::LogCoshError());
XERAS_LOSS_METRIC(LogCoshError, losses::LogCosh, "logcosh")

struct CosineSimilarityOptions {
  std::string name = "cosine_similarity";
  std::int64_t axis = -1;  ///< only -1, the last
};
XERAS_FIELDS(CosineSimilarityOptions, name, axis)

/// The mean cosine of the angle between targets and predictions, from -1 to 1. The loss of this name is its negative.
///
///   metrics::CosineSimilarity metric;
///   metric.update_state({{0, 1}, {1, 1}}, {{1, 0}, {1, 1}});  // metric.result() is 0.5
///
/// Source  keras.metrics.CosineSimilarity
class XERAS_API CosineSimilarity final : public MetricWith<CosineSimilarity, CosineSimilarityOptions, Direction::up> {
 public:
  explicit CosineSimilarity(CosineSimilarityOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;

 private:
  losses::CosineSimilarity loss_;
};

struct RootMeanSquaredErrorOptions {
  std::string name = "root_mean_squared_error";
};
XERAS_FIELDS(RootMeanSquaredErrorOptions, name)

/// The square root of the mean squared error over all rows so far.
///
///   metrics::RootMeanSquaredError metric;
///   metric.update_state({{0, 1}, {0, 0}}, {{1, 1}, {0, 0}});  // metric.result() is 0.5
///
/// Source  keras.metrics.RootMeanSquaredError
class XERAS_API RootMeanSquaredError final
    : public MetricWith<RootMeanSquaredError, RootMeanSquaredErrorOptions, Direction::down> {
 public:
  using MetricWith::MetricWith;
  double result() const override;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

struct R2ScoreOptions {
  /// "uniform_average", "variance_weighted_average", or none: results() has one score for each column
  std::optional<std::string> class_aggregation = "uniform_average";
  std::int64_t num_regressors = 0;  ///< above 0: the adjusted score, for so many independent variables
  std::string name = "r2_score";
};
XERAS_FIELDS(R2ScoreOptions, class_aggregation, num_regressors, name)

/// The coefficient of determination, 1 - sum (y - p)^2 / sum (y - mean y)^2, of each column; 0 where the targets are
/// constant. The adjusted score counts the numbers of all columns as samples, as Keras does. It falls back to the plain
/// one if there are not more samples than regressors and 1.
///
///   metrics::R2Score metric;
///   metric.update_state({{1}, {4}, {3}}, {{2}, {4}, {4}});  // metric.result() is 0.571
///
/// Source  keras.metrics.R2Score
class XERAS_API R2Score final : public MetricWith<R2Score, R2ScoreOptions, Direction::up, Metric> {
 public:
  explicit R2Score(R2ScoreOptions options = {});

  void update(const Targets& targets) override;
  double result() const override;
  Tensor results() const override;
  void reset_state() override;
  bool visit_state(const std::function<void(double& number)>& visit) override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 private:
  struct Column {
    double sum = 0.0;          // of w y
    double squared_sum = 0.0;  // of w y^2
    double residual = 0.0;     // sum of w (y - p)^2
    double weight = 0.0;
  };
  static double total(const Column& column);
  static double score(const Column& column);
  double adjusted(double score) const;

  std::vector<Column> columns_;
  std::int64_t num_samples_ = 0;
};

}  // namespace xeras::metrics
