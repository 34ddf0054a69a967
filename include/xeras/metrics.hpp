#pragma once

#include "xeras/losses.hpp"

/// What training reports. By name ("accuracy", "mae", ...) or by object.
namespace xeras::metrics {

class XERAS_API Metric : public Configurable {
 public:
  /// The key in History and scores: the string given to compile, or Keras's own name.
  virtual const std::string& name() const = 0;

  /// auc.update_state(y, p), with sample weights of shape (batch,) or that of y_pred without its last axis. Vectors are
  /// taken as (batch, 1). Throws InvalidInput when the shapes do not fit.
  void update_state(const Input& y_true, const Input& y_pred, const Input& sample_weight = {});
  virtual void update(const Targets& targets) = 0;
  virtual double result() const = 0;
  virtual void reset_state() = 0;
  /// A copy with its state, so that many threads can evaluate one model.
  virtual std::shared_ptr<Metric> clone() const = 0;

  /// Raises InvalidInput unless y_true can be the targets of predictions of this shape; the batch may differ. Here:
  /// when it holds NaN or infinity.
  virtual void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  static std::shared_ptr<Metric> from_name(std::string_view name);
  static std::shared_ptr<Metric> from_config(const Value& value, const std::string& path);
};

XERAS_API Named<Metric> get(std::string_view name);

/// The mean of something that each row has, over all rows seen: sum(w value) / sum(w), where a masked row has weight 0;
/// 0 before the first one. Counts in double.
class XERAS_API MeanMetric : public Metric {
 public:
  void update(const Targets& targets) override;
  double result() const override { return weight_ != 0.0 ? total_ / weight_ : 0.0; }
  void reset_state() override { total_ = weight_ = 0.0; }
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  /// values(r) = what row r has. counts(r), 1 at first, may be set to 0 to leave it out.
  virtual void rows(const Targets& targets, float* values, float* counts) const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }

 private:
  double total_ = 0.0;
  double weight_ = 0.0;
};

/// A MeanMetric with options, among them `name`: what remains to be written is rows().
template <class Self, class Options>
class MetricWith : public Configured<MeanMetric, Options> {
 public:
  using Configured<MeanMetric, Options>::Configured;
  const std::string& name() const override { return this->config().name; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<Self>(static_cast<const Self&>(*this)); }
};

/// The mean of a loss over all rows seen, whatever the loss's reduction.
template <class Self, class Options, class LossClass>
class LossMetric : public MetricWith<Self, Options> {
 public:
  LossMetric() : LossMetric(Options{}) {}
  explicit LossMetric(Options options) : LossMetric(std::move(options), LossClass()) {}
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override {
    loss_.check(y_true, y_pred, who);
  }

 protected:
  LossMetric(Options options, LossClass loss) : MetricWith<Self, Options>(std::move(options)), loss_(std::move(loss)) {}
  void rows(const Targets& targets, float* values, float* counts) const override {
    loss_.per_row(targets, values, counts);
  }

 private:
  LossClass loss_;
};

// Source: keras.metrics, whose order the options have.

struct AccuracyOptions {
  std::string name = "accuracy";
};
XERAS_FIELDS(AccuracyOptions, name)

/// How often p = y, exactly. For the string "accuracy" see AutomaticAccuracy.
class XERAS_API Accuracy final : public MetricWith<Accuracy, AccuracyOptions> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

/// What the strings "accuracy" and "acc" stand for: BinaryAccuracy where predictions have one column, else
/// SparseCategoricalAccuracy where a target is one number, else CategoricalAccuracy.
class XERAS_API AutomaticAccuracy final : public MetricWith<AutomaticAccuracy, AccuracyOptions> {
 public:
  using MetricWith::MetricWith;
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const override;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

struct BinaryAccuracyOptions {
  std::string name = "binary_accuracy";
  double threshold = 0.5;
};
XERAS_FIELDS(BinaryAccuracyOptions, name, threshold)

/// How often y = (p > threshold ? 1 : 0).
class XERAS_API BinaryAccuracy final : public MetricWith<BinaryAccuracy, BinaryAccuracyOptions> {
 public:
  explicit BinaryAccuracy(BinaryAccuracyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
};

struct CategoricalAccuracyOptions {
  std::string name = "categorical_accuracy";
};
XERAS_FIELDS(CategoricalAccuracyOptions, name)

/// How often the largest column of p (the first of equals) is the largest of y.
class XERAS_API CategoricalAccuracy final : public MetricWith<CategoricalAccuracy, CategoricalAccuracyOptions> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseCategoricalAccuracyOptions {
  std::string name = "sparse_categorical_accuracy";
};
XERAS_FIELDS(SparseCategoricalAccuracyOptions, name)

/// How often the largest column of p (the first of equals) is the class y. A label that is no class is never right.
class XERAS_API SparseCategoricalAccuracy final
    : public MetricWith<SparseCategoricalAccuracy, SparseCategoricalAccuracyOptions> {
 public:
  using MetricWith::MetricWith;

 protected:
  void rows(const Targets& targets, float* values, float* counts) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
};

struct MeanSquaredErrorOptions {
  std::string name = "mean_squared_error";
};
XERAS_FIELDS(MeanSquaredErrorOptions, name)

class XERAS_API MeanSquaredError final
    : public LossMetric<MeanSquaredError, MeanSquaredErrorOptions, losses::MeanSquaredError> {
 public:
  using LossMetric::LossMetric;
};

struct MeanAbsoluteErrorOptions {
  std::string name = "mean_absolute_error";
};
XERAS_FIELDS(MeanAbsoluteErrorOptions, name)

class XERAS_API MeanAbsoluteError final
    : public LossMetric<MeanAbsoluteError, MeanAbsoluteErrorOptions, losses::MeanAbsoluteError> {
 public:
  using LossMetric::LossMetric;
};

struct BinaryCrossentropyOptions {
  std::string name = "binary_crossentropy";
  bool from_logits = false;
  double label_smoothing = 0.0;
};
XERAS_FIELDS(BinaryCrossentropyOptions, name, from_logits, label_smoothing)

class XERAS_API BinaryCrossentropy final
    : public LossMetric<BinaryCrossentropy, BinaryCrossentropyOptions, losses::BinaryCrossentropy> {
 public:
  explicit BinaryCrossentropy(const BinaryCrossentropyOptions& options = {});
};

struct CategoricalCrossentropyOptions {
  std::string name = "categorical_crossentropy";
  bool from_logits = false;
  double label_smoothing = 0.0;
  std::int64_t axis = -1;
};
XERAS_FIELDS(CategoricalCrossentropyOptions, name, from_logits, label_smoothing, axis)

class XERAS_API CategoricalCrossentropy final
    : public LossMetric<CategoricalCrossentropy, CategoricalCrossentropyOptions, losses::CategoricalCrossentropy> {
 public:
  explicit CategoricalCrossentropy(const CategoricalCrossentropyOptions& options = {});
};

struct SparseCategoricalCrossentropyOptions {
  std::string name = "sparse_categorical_crossentropy";
  bool from_logits = false;
  std::optional<std::int64_t> ignore_class = {};
  std::int64_t axis = -1;
};
XERAS_FIELDS(SparseCategoricalCrossentropyOptions, name, from_logits, ignore_class, axis)

class XERAS_API SparseCategoricalCrossentropy final
    : public LossMetric<SparseCategoricalCrossentropy, SparseCategoricalCrossentropyOptions,
                        losses::SparseCategoricalCrossentropy> {
 public:
  explicit SparseCategoricalCrossentropy(const SparseCategoricalCrossentropyOptions& options = {});
};

}  // namespace xeras::metrics

namespace xeras {
using MetricArgument = Named<metrics::Metric>;
extern template class Named<metrics::Metric>;
}  // namespace xeras
