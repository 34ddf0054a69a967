#pragma once

#include <optional>
#include <string>

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

/// What training makes small. By name ("mse", "binary_crossentropy", ...) or by object.
namespace xeras {

/// What the last axis of the predictions is, and so what targets belong to them.
enum class TargetKind {
  values,   ///< numbers of their own, each with its target
  one_hot,  ///< classes; a target is a row of as many numbers
  labels,   ///< classes; a target is one whole number, the class
};

/// One batch of targets and predictions, as losses and metrics see it. Predictions are (batch, ..., columns); targets
/// have the same number of rows, where a row is everything before the last axis; a row has one mask byte and one
/// weight.
struct Targets {
  const float* y_true = nullptr;
  const float* y_pred = nullptr;
  std::int64_t rows = 0;
  std::int64_t true_columns = 1;  ///< 1 for class labels, else as pred_columns
  std::int64_t pred_columns = 1;
  const std::uint8_t* mask = nullptr;    ///< (rows), 0 is masked; null: nothing is
  const float* sample_weight = nullptr;  ///< (rows); null: all 1
};

namespace losses {

class XERAS_API Loss : public Configurable {
 public:
  using Argument = Input;

  /// losses::MeanSquaredError()(y_true, y_pred), with sample weights of shape (batch,) or that of y_pred without its
  /// last axis. Vectors are taken as (batch, 1). Throws InvalidInput when the shapes do not fit.
  double operator()(const Input& y_true, const Input& y_pred, const Input& sample_weight = {}) const;

  /// Raises InvalidInput unless y_true, whole, can be the targets of predictions whose shape (batch, ..., columns) is
  /// given: the shape (a trailing 1 may be missing or too many), NaN, labels that are no class. The batch may differ:
  /// lengths are the caller's to compare. `who` begins the message.
  void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  /// The loss of a batch, and its gradient dp (rows, pred_columns) where dp is not null. `scratch` has room for 2 *
  /// rows floats. With s the loss of a row and w its weight (0 where it is masked):
  ///   sum_over_batch_size, mean   sum(w s) / number of rows that are not masked
  ///   sum                         sum(w s)
  ///   mean_with_sample_weight     sum(w s) / sum(w)
  /// and 0 where that divides by 0. A row of weight 0 has no influence, whatever stands in it.
  double compute(const Targets& targets, float* scratch, float* dp) const;

  /// values(r) = the loss of row r by itself, before weights; counts(r) = 0 where it is to be left out (ignore_class),
  /// else 1. For metrics.
  void per_row(const Targets& targets, float* values, float* counts) const;

  /// "sparse_categorical_crossentropy": what messages call it.
  virtual const std::string& name() const = 0;

  static std::shared_ptr<Loss> from_name(std::string_view name);
  static std::shared_ptr<Loss> from_config(const Value& value, const std::string& path);

 protected:
  /// values(r) = the loss of row r; dp(r, :) = its gradient where dp is not null.
  virtual void rows(const Targets& targets, float* values, float* dp) const = 0;
  /// "sum_over_batch_size", "mean", "sum" or "mean_with_sample_weight".
  virtual const std::string& reduction() const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }
  /// Of labels: the one that stands for "no class here". Its rows count as masked.
  virtual std::optional<std::int64_t> ignore_class() const { return {}; }

  /// Raises InvalidArgument unless it names a reduction to one number.
  static void check_reduction(const std::string& name, const std::optional<std::string>& reduction);
};

XERAS_API Named<Loss> get(std::string_view name);

/// A loss with options, among them `reduction` and `name`: what remains to be written is rows().
template <class Options>
class LossWith : public Configured<Loss, Options> {
 public:
  LossWith() : LossWith(Options{}) {}
  explicit LossWith(Options options) : Configured<Loss, Options>(std::move(options)) {
    Loss::check_reduction(this->config().name, this->config().reduction);
  }
  const std::string& name() const override { return this->config().name; }

 protected:
  const std::string& reduction() const override { return *this->config().reduction; }
};

// In the formulas y is a target and p a prediction; mean and sum run over the columns of a row; epsilon is 1e-7. All
// raise InvalidArgument for an option that cannot be. Source: keras.losses.

struct MeanSquaredErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_squared_error";
};
XERAS_FIELDS(MeanSquaredErrorOptions, reduction, name)

/// mean (y - p)^2; "mse".
class XERAS_API MeanSquaredError final : public LossWith<MeanSquaredErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct MeanAbsoluteErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_absolute_error";
};
XERAS_FIELDS(MeanAbsoluteErrorOptions, reduction, name)

/// mean |y - p|; "mae". Its gradient where y = p is 0.
class XERAS_API MeanAbsoluteError final : public LossWith<MeanAbsoluteErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct BinaryCrossentropyOptions {
  bool from_logits = false;      ///< p has not been through a sigmoid
  double label_smoothing = 0.0;  ///< draws y towards 0.5: y (1 - s) + s / 2
  std::int64_t axis = -1;        ///< only the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "binary_crossentropy";
};
XERAS_FIELDS(BinaryCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// mean -(y log p + (1 - y) log(1 - p)), with p clipped to [epsilon, 1 - epsilon], or p = sigmoid(logit), never
/// clipped; "bce".
class XERAS_API BinaryCrossentropy final : public LossWith<BinaryCrossentropyOptions> {
 public:
  explicit BinaryCrossentropy(BinaryCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

struct CategoricalCrossentropyOptions {
  bool from_logits = false;      ///< p has not been through a softmax
  double label_smoothing = 0.0;  ///< draws y towards 1 / classes: y (1 - s) + s / classes
  std::int64_t axis = -1;        ///< only the last
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "categorical_crossentropy";
};
XERAS_FIELDS(CategoricalCrossentropyOptions, from_logits, label_smoothing, axis, reduction, name)

/// -sum y log q, where q is p / sum p clipped to [epsilon, 1 - epsilon], or the softmax of the logits, never clipped.
class XERAS_API CategoricalCrossentropy final : public LossWith<CategoricalCrossentropyOptions> {
 public:
  explicit CategoricalCrossentropy(CategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::one_hot; }
};

struct SparseCategoricalCrossentropyOptions {
  bool from_logits = false;                       ///< p has not been through a softmax
  std::optional<std::int64_t> ignore_class = {};  ///< rows of this label count as masked
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::int64_t axis = -1;  ///< only the last
  std::string name = "sparse_categorical_crossentropy";
};
XERAS_FIELDS(SparseCategoricalCrossentropyOptions, from_logits, ignore_class, reduction, axis, name)

/// -log q(y), where y is a class number and q as in CategoricalCrossentropy.
/// Throws  InvalidInput for a label that is no class
class XERAS_API SparseCategoricalCrossentropy final : public LossWith<SparseCategoricalCrossentropyOptions> {
 public:
  explicit SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options = {});

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  TargetKind target_kind() const override { return TargetKind::labels; }
  std::optional<std::int64_t> ignore_class() const override { return config().ignore_class; }
};

}  // namespace losses

using LossArgument = Named<losses::Loss>;
extern template class Named<losses::Loss>;

}  // namespace xeras
