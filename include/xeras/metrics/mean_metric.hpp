#pragma once

#include "xeras/metrics/metric.hpp"

namespace xeras::metrics {

/// The base class of metrics that average one value per row over all rows so far: sum(w value) / sum(w), where a masked
/// row weighs 0; 0 before the first row. Sums are doubles. As in Keras, a sample counts equally in batches of any
/// number of steps: a row weighs 1 / steps. A class derived from MetricWith implements only rows():
///
///   struct Bias : MetricWith<Bias, BiasOptions> { void rows(const Targets&, float*, float*) const override; };
class XERAS_API MeanMetric : public Metric {
 public:
  void update(const Targets& targets) override;
  double result() const override { return weight_ != 0.0 ? total_ / weight_ : 0.0; }
  void reset_state() override { total_ = weight_ = 0.0; }
  bool visit_state(const std::function<void(double& number)>& visit) override {
    visit(total_);
    visit(weight_);
    return true;
  }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  struct Sums {
    double total = 0.0;   ///< sum(w value)
    double weight = 0.0;  ///< sum(w)
  };
  /// Returns the sums over the rows of a batch.
  Sums sums(const Targets& targets) const;
  /// Adds sums to those of the earlier batches, divided by `divisor`.
  void add(const Sums& sums, double divisor = 1.0);
  /// Returns the sum of all weights so far.
  double weight() const { return weight_; }

  /// Writes values(r) = the value of row r. counts(r) is 1; set it to 0 to exclude the row. `targets` is a part of a
  /// batch, in which each row counts as a sample.
  virtual void rows(const Targets& targets, float* values, float* counts) const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }

 private:
  double total_ = 0.0;
  double weight_ = 0.0;
};

/// A MeanMetric, or another Base, whose options include `name`. A class derived from it with a MeanMetric implements
/// rows().
template <class Self, class Options, Direction self_direction = Direction::none, class Base = MeanMetric>
class MetricWith : public Configured<Base, Options> {
 public:
  using Configured<Base, Options>::Configured;
  const std::string& name() const override { return this->config().name; }
  Direction direction() const override { return self_direction; }
  // Not make_shared, whose templates every program would compile for each metric.
  std::shared_ptr<Metric> clone() const override {
    return std::unique_ptr<Metric>(new Self(static_cast<const Self&>(*this)));
  }
};

/// The mean of a loss over all rows so far, regardless of its reduction. The loss receives the options it shares.
template <class Self, class Options, class LossClass>
class LossMetric : public MetricWith<Self, Options, Direction::down> {
 public:
  LossMetric() : LossMetric(Options{}) {}
  explicit LossMetric(Options options)
      : MetricWith<Self, Options, Direction::down>(std::move(options)), loss_(loss_options(this->config())) {}
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override {
    loss_.check(y_true, y_pred, who);
  }

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override {
    loss_.per_row(targets, values, counts);
  }

 private:
  static typename LossClass::Config loss_options(const Options& options) {
    typename LossClass::Config result{};
    const std::string name = result.name;
    from_value(to_value(options), result, name);
    result.name = name;  // in messages about targets
    return result;
  }

  LossClass loss_;
};

/// Defines the metric `Class`, the mean of a loss. Its only option is `name` with the given default; without a default,
/// its options are the struct Class##Options defined before it:
///
///   XERAS_LOSS_METRIC(MeanSquaredError, losses::MeanSquaredError, "mean_squared_error")
///   XERAS_LOSS_METRIC(BinaryCrossentropy, losses::BinaryCrossentropy)  // after struct BinaryCrossentropyOptions
#define XERAS_LOSS_METRIC(Class, LossClass, ...)                                                            \
  __VA_OPT__(struct Class##Options { std::string name = __VA_ARGS__; }; XERAS_FIELDS(Class##Options, name)) \
  class XERAS_API Class final : public ::xeras::metrics::LossMetric<Class, Class##Options, LossClass> {     \
   public:                                                                                                  \
    using LossMetric::LossMetric;                                                                           \
  };

}  // namespace xeras::metrics
