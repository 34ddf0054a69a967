#pragma once

#include "xeras/metrics/metric.hpp"

namespace xeras::metrics {

/// The mean of one value a row, over all rows seen: sum(w value) / sum(w), where a masked row has weight 0; 0 before
/// the first row. Counts in double.
class XERAS_API MeanMetric : public Metric {
 public:
  void update(const Targets& targets) override;
  double result() const override { return weight_ != 0.0 ? total_ / weight_ : 0.0; }
  void reset_state() override { total_ = weight_ = 0.0; }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  /// values(r) = the value of row r. counts(r), 1 at first, may be set to 0 to leave it out. `targets` is any part
  /// of a batch, each row a sample.
  virtual void rows(const Targets& targets, float* values, float* counts) const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }

 private:
  double total_ = 0.0;
  double weight_ = 0.0;
};

/// A MeanMetric with options, among them `name`: what remains to be written is rows().
template <class Self, class Options, Direction self_direction = Direction::none>
class MetricWith : public Configured<MeanMetric, Options> {
 public:
  using Configured<MeanMetric, Options>::Configured;
  const std::string& name() const override { return this->config().name; }
  Direction direction() const override { return self_direction; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<Self>(static_cast<const Self&>(*this)); }
};

/// The mean of a loss over all rows seen, whatever the loss's reduction. Options that the loss has too are passed on.
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
    const std::string name = result.name;  // messages about targets keep it
    from_value(to_value(options), result, name);
    result.name = name;
    return result;
  }

  LossClass loss_;
};

/// Defines the metric `Class`, the mean of a loss, in one line. Its options are a `name`, whose default is given, or,
/// where no name is given, the struct that stands before it:
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
