#pragma once

#include <optional>

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

namespace xeras {

/// The meaning of the predictions' last axis, which determines the form of the targets.
enum class TargetKind {
  values,   ///< independent numbers, each with its own target
  one_hot,  ///< classes; a target is a row with one number per class
  labels,   ///< classes; a target is one whole number, the class
};

/// One batch of targets and predictions for losses and metrics. Predictions are (batch, ..., columns); the axes before
/// the last one count the rows, of which targets have the same number. Each row has one mask byte and one weight. The
/// rows of a sample are consecutive.
struct Targets {
  const float* y_true = nullptr;
  const float* y_pred = nullptr;
  std::int64_t rows = 0;
  std::int64_t true_columns = 1;  ///< 1 for class labels, else pred_columns
  std::int64_t pred_columns = 1;
  const std::uint8_t* mask = nullptr;    ///< (rows), 0 is masked; null: no mask
  const float* sample_weight = nullptr;  ///< (rows); null: all 1
  std::int64_t steps = 1;                ///< rows per sample
  std::int64_t true_size = 1;  ///< numbers in y_true per sample: steps * true_columns unless check() is overridden
  bool weighs_steps = false;   ///< sample_weight has a weight for each row, not one for each sample
};

namespace losses {

/// The base class of losses that are functions of a whole batch. A loss with one number per row derives from RowLoss
/// instead. docs/adding_a_loss_or_metric.md explains both.
///
///   losses::MeanSquaredError mse;
///   const double loss = mse({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.5
class XERAS_API Loss : public Configurable {
 public:
  using Argument = Input;

  /// Returns the loss of y_pred. Sample weights have shape (batch,) or that of y_pred without its last axis; vectors
  /// count as (batch, 1). Throws InvalidInput when the shapes do not fit.
  double operator()(const Input& y_true, const Input& y_pred, const Input& sample_weight = {}) const;

  /// Throws InvalidInput, with `who` first, unless y_true as a whole can be the targets of predictions of the shape
  /// y_pred (batch, ..., columns): checks the shape (a trailing 1 is optional), NaN and labels. The batch sizes may
  /// differ; callers compare lengths. The default uses target_kind() and ignore_class().
  virtual void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  /// Returns the loss of a batch, reduced to one number, and writes its gradient to dp (rows, pred_columns) unless dp
  /// is null. `scratch` has room for scratch_size(targets) floats. Rows that are masked or weigh 0 have no influence,
  /// except where a loss compares rows with each other and says so.
  virtual double compute(const Targets& targets, float* scratch, float* dp) const = 0;
  virtual std::int64_t scratch_size(const Targets& /*targets*/) const { return 0; }

  /// Returns the name in messages, such as "sparse_categorical_crossentropy".
  virtual const std::string& name() const = 0;

  static std::shared_ptr<Loss> from_name(std::string_view name);
  static std::shared_ptr<Loss> from_config(const Value& value, const std::string& path);

 protected:
  /// "sum_over_batch_size", "mean", "sum" or "mean_with_sample_weight".
  virtual const std::string& reduction() const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }
  /// Returns the label that means "no class"; its rows count as masked.
  virtual std::optional<std::int64_t> ignore_class() const { return {}; }

  /// Reduces `count` values, of rows or of whole samples. With s a value and w its weight (0 if masked), returns
  ///   sum_over_batch_size, mean   sum(w s) / unmasked, the number of values that are not masked
  ///   sum                         sum(w s)
  ///   mean_with_sample_weight     sum(w s) / sum(w)
  /// or 0 where that divides by 0. Unless dp is null, it holds `size` derivatives of each value and receives those of
  /// the result. A value of weight 0 has no influence, not even NaN.
  double reduce(const float* values, const float* weights, std::int64_t count, std::int64_t unmasked, float* dp,
                std::int64_t size) const;

  /// Throws InvalidArgument unless `reduction` reduces to one number.
  static void check_reduction(const std::string& name, const std::optional<std::string>& reduction);
};

/// The base class of losses with one number per row. A derived class implements rows(), name() and reduction(), or only
/// rows() if it derives from LossWith:
///
///   struct Quantile : losses::LossWith<QuantileOptions> { void rows(const Targets&, float*, float*) const override; };
class XERAS_API RowLoss : public Loss {
 public:
  double compute(const Targets& targets, float* scratch, float* dp) const final;
  std::int64_t scratch_size(const Targets& targets) const final { return 2 * targets.rows; }

  /// Reduces the losses of rows that a layer has computed (see Layer::gives_loss), as compute does. targets.y_pred
  /// (rows, 1) holds them; writes the derivative for each to dp (rows). `scratch` is as for compute.
  double reduce_rows(const Targets& targets, float* scratch, float* dp) const;

  /// Computes, for metrics, values(r) = the unweighted loss of row r, and counts(r) = 0 if ignore_class() excludes the
  /// row, else 1.
  void per_row(const Targets& targets, float* values, float* counts) const;

 protected:
  /// Writes values(r) = the loss of row r, and dp(r, :) = its gradient unless dp is null.
  virtual void rows(const Targets& targets, float* values, float* dp) const = 0;

 private:
  double weigh(const Targets& targets, const float* values, float* weights, float* dp, std::int64_t columns) const;
  void count_rows(const Targets& targets, float* counts) const;
};

/// Returns the loss of this name: losses::get("mse").
XERAS_API Named<Loss> get(std::string_view name);

/// A loss whose options include `reduction` and `name`. A derived class implements rows(), or compute() if Base is
/// Loss.
template <class Options, class Base = RowLoss>
class LossWith : public Configured<Base, Options> {
 public:
  LossWith() : LossWith(Options{}) {}
  explicit LossWith(Options options) : Configured<Base, Options>(std::move(options)) {
    Loss::check_reduction(this->config().name, this->config().reduction);
  }
  const std::string& name() const override { return this->config().name; }

 protected:
  const std::string& reduction() const override { return *this->config().reduction; }
};

}  // namespace losses

using LossArgument = Named<losses::Loss>;
extern template class Named<losses::Loss>;

}  // namespace xeras
