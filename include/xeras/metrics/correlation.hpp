#pragma once

#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The base class of the mean of a correlation: of the columns of each row (axis -1), or of the rows of each batch, for
/// each column (axis 0).
class XERAS_API CorrelationMetric : public MeanMetric {
 public:
  void update(const Targets& targets) override;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  /// The moments of targets y and predictions p: means, variances and covariance.
  struct Moments {
    double y_mean = 0.0;
    double p_mean = 0.0;
    double y_variance = 0.0;
    double p_variance = 0.0;
    double covariance = 0.0;
  };

  CorrelationMetric() = default;
  /// Throws InvalidArgument unless axis is -1 or 0.
  void set_axis(const std::string& name, std::int64_t axis);
  virtual double correlation(const Moments& moments) const = 0;
  void rows(const Targets& targets, float* values, float* counts) const override;

 private:
  bool over_batch_ = false;
};

struct PearsonCorrelationOptions {
  std::string name = "pearson_correlation";
  std::int64_t axis = -1;  ///< 0: over the batch
};
XERAS_FIELDS(PearsonCorrelationOptions, name, axis)

/// The mean of cov(y, p) / (std(y) std(p)). It is NaN, as in Keras, where a row is constant.
///
///   metrics::PearsonCorrelation metric;
///   metric.update_state({{0.0, 1.0, 0.5}, {1.0, 1.0, 0.2}}, {{0.1, 0.9, 0.5}, {1.0, 0.9, 0.2}});  // 0.997
///
/// Throws  InvalidInput for axis 0 with sample weights or with predictions of several steps
/// Source  keras.metrics.PearsonCorrelation
class XERAS_API PearsonCorrelation final
    : public MetricWith<PearsonCorrelation, PearsonCorrelationOptions, Direction::up, CorrelationMetric> {
 public:
  explicit PearsonCorrelation(PearsonCorrelationOptions options = {});

 protected:
  double correlation(const Moments& moments) const override;
};

struct ConcordanceCorrelationOptions {
  std::string name = "concordance_correlation";
  std::int64_t axis = -1;  ///< 0: over the batch
};
XERAS_FIELDS(ConcordanceCorrelationOptions, name, axis)

/// The mean of Lin's concordance 2 cov(y, p) / (var(y) + var(p) + (mean(y) - mean(p))^2).
///
///   metrics::ConcordanceCorrelation metric;
///   metric.update_state({{0.0, 1.0, 0.5}, {1.0, 1.0, 0.2}}, {{0.1, 0.9, 0.5}, {1.0, 0.9, 0.2}});  // 0.981
///
/// Throws  InvalidInput for axis 0 with sample weights or with predictions of several steps
/// Source  keras.metrics.ConcordanceCorrelation
class XERAS_API ConcordanceCorrelation final
    : public MetricWith<ConcordanceCorrelation, ConcordanceCorrelationOptions, Direction::up, CorrelationMetric> {
 public:
  explicit ConcordanceCorrelation(ConcordanceCorrelationOptions options = {});

 protected:
  double correlation(const Moments& moments) const override;
};

}  // namespace xeras::metrics
