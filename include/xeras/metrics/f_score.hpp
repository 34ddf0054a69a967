#pragma once

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The base class of F scores: counts for each class, which is a column of the predictions.
class XERAS_API FScore : public Metric {
 public:
  void update(const Targets& targets) override;
  double result() const override;
  Tensor results() const override;
  void reset_state() override;
  bool visit_state(const std::function<void(double& number)>& visit) override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  FScore() = default;
  /// Sets the options. Throws InvalidArgument for an unknown average, or a beta or threshold out of range.
  void set_options(const std::string& name, const std::optional<std::string>& average, double beta,
                   const std::optional<double>& threshold);

 private:
  enum class Average { none, micro, macro, weighted };
  struct Counts {
    double true_positives = 0.0;
    double false_positives = 0.0;
    double false_negatives = 0.0;
    double targets = 0.0;
  };
  double score(const Counts& counts) const;

  Average average_ = Average::none;
  double beta_ = 1.0;
  std::optional<double> threshold_;
  std::vector<Counts> counts_;  // of each class; one entry for "micro"
};

struct FBetaScoreOptions {
  std::optional<std::string> average = {};  ///< none: results() has one score per class; "micro", "macro", "weighted"
  double beta = 1.0;                        ///< above 1 recall counts more, below 1 precision
  std::optional<double> threshold = {};     ///< none: the largest column of a row is positive
  std::string name = "fbeta_score";
};
XERAS_FIELDS(FBetaScoreOptions, average, beta, threshold, name)

/// The weighted harmonic mean of precision and recall, (1 + beta^2) P R / (beta^2 P + R). Targets are one-hot rows, or
/// rows of zeros and ones with a threshold. Without an average, result() is the mean over the classes.
///
///   metrics::FBetaScore score({.average = "weighted", .beta = 2.0, .threshold = 0.5});
///   score.update_state({{1, 1, 1}, {1, 0, 0}, {1, 1, 0}}, {{0.2, 0.6, 0.7}, {0.2, 0.6, 0.6}, {0.6, 0.8, 0.0}});
///
/// Source  keras.metrics.FBetaScore
class XERAS_API FBetaScore final : public MetricWith<FBetaScore, FBetaScoreOptions, Direction::up, FScore> {
 public:
  explicit FBetaScore(FBetaScoreOptions options = {});
};

struct F1ScoreOptions {
  std::optional<std::string> average = {};  ///< none: results() has one score per class; "micro", "macro", "weighted"
  std::optional<double> threshold = {};     ///< none: the largest column of a row is positive
  std::string name = "f1_score";
};
XERAS_FIELDS(F1ScoreOptions, average, threshold, name)

/// The harmonic mean of precision and recall: FBetaScore with beta = 1.
///
///   model.compile("adam", "categorical_crossentropy", metrics::F1Score({.average = "macro"}));
///
/// Source  keras.metrics.F1Score
class XERAS_API F1Score final : public MetricWith<F1Score, F1ScoreOptions, Direction::up, FScore> {
 public:
  explicit F1Score(F1ScoreOptions options = {});
};

}  // namespace xeras::metrics
