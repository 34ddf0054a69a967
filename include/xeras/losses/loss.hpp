#pragma once

#include <optional>
#include <string>

#include "xeras/core/input.hpp"
#include "xeras/core/named.hpp"

namespace xeras {

/// The meaning of the predictions' last axis, which decides what targets they have.
enum class TargetKind {
  values,   ///< independent numbers, each with its target
  one_hot,  ///< classes; a target is a row of as many numbers
  labels,   ///< classes; a target is one whole number, the class
};

/// One batch of targets and predictions, as losses and metrics see it. Predictions are (batch, ..., columns); targets
/// have the same number of rows, where a row is everything before the last axis; a row has one mask byte and one
/// weight. The rows of a sample lie one after the other.
struct Targets {
  const float* y_true = nullptr;
  const float* y_pred = nullptr;
  std::int64_t rows = 0;
  std::int64_t true_columns = 1;  ///< 1 for class labels, else as pred_columns
  std::int64_t pred_columns = 1;
  const std::uint8_t* mask = nullptr;    ///< (rows), 0 is masked; null: nothing is
  const float* sample_weight = nullptr;  ///< (rows); null: all 1
  std::int64_t steps = 1;                ///< rows of each sample
  std::int64_t true_size = 1;            ///< numbers in y_true for each sample; only a check() of one's own lets it
                                         ///< differ from steps * true_columns
};

namespace losses {

/// A function of a whole batch. A loss with one number for each row derives from RowLoss instead;
/// docs/adding_a_loss_or_metric.md goes through both.
class XERAS_API Loss : public Configurable {
 public:
  using Argument = Input;

  /// losses::MeanSquaredError()(y_true, y_pred), with sample weights of shape (batch,) or that of y_pred without its
  /// last axis. Vectors are taken as (batch, 1). Throws InvalidInput when the shapes do not fit.
  double operator()(const Input& y_true, const Input& y_pred, const Input& sample_weight = {}) const;

  /// Raises InvalidInput unless y_true, whole, can be the targets of predictions whose shape (batch, ..., columns) is
  /// given: the shape (a trailing 1 may be missing or too many), NaN, invalid labels. The batch may differ: lengths are
  /// the caller's to compare. `who` begins the message. By default target_kind() and ignore_class() decide.
  virtual void check(const Input& y_true, const Extents& y_pred, const std::string& who) const;

  /// The loss of a batch, reduced to one number, and its gradient dp (rows, pred_columns) where dp is not null.
  /// `scratch` has room for scratch_size(targets) floats. Masked rows and those of weight 0 have no influence.
  virtual double compute(const Targets& targets, float* scratch, float* dp) const = 0;
  virtual std::int64_t scratch_size(const Targets& /*targets*/) const { return 0; }

  /// "sparse_categorical_crossentropy": the name in messages.
  virtual const std::string& name() const = 0;

  static std::shared_ptr<Loss> from_name(std::string_view name);
  static std::shared_ptr<Loss> from_config(const Value& value, const std::string& path);

 protected:
  /// "sum_over_batch_size", "mean", "sum" or "mean_with_sample_weight".
  virtual const std::string& reduction() const = 0;
  virtual TargetKind target_kind() const { return TargetKind::values; }
  /// The label that stands for "no class here". Its rows count as masked.
  virtual std::optional<std::int64_t> ignore_class() const { return {}; }

  /// Reduces `count` values, of rows or of whole samples, each with its weight. With s a value and w its weight (0
  /// where it is masked):
  ///   sum_over_batch_size, mean   sum(w s) / unmasked, the number of values that are not masked
  ///   sum                         sum(w s)
  ///   mean_with_sample_weight     sum(w s) / sum(w)
  /// and 0 where that divides by 0. Where dp is not null, it holds `size` derivatives of each value and receives those
  /// of the result. A value of weight 0 has no influence, not even NaN.
  double reduce(const float* values, const float* weights, std::int64_t count, std::int64_t unmasked, float* dp,
                std::int64_t size) const;

  /// Raises InvalidArgument unless it names a reduction to one number.
  static void check_reduction(const std::string& name, const std::optional<std::string>& reduction);
};

/// A loss with one number for each row: what remains to be written is rows(), name() and reduction().
class XERAS_API RowLoss : public Loss {
 public:
  double compute(const Targets& targets, float* scratch, float* dp) const final;
  std::int64_t scratch_size(const Targets& targets) const final { return 2 * targets.rows; }

  /// values(r) = the loss of row r by itself, before weights; counts(r) = 0 where ignore_class() leaves it out, else 1.
  /// For metrics.
  void per_row(const Targets& targets, float* values, float* counts) const;

 protected:
  /// values(r) = the loss of row r; dp(r, :) = its gradient where dp is not null.
  virtual void rows(const Targets& targets, float* values, float* dp) const = 0;

 private:
  void count_rows(const Targets& targets, float* counts) const;
};

XERAS_API Named<Loss> get(std::string_view name);

/// A loss with options, among them `reduction` and `name`: what remains to be written is rows(), or compute() of a loss
/// whose Base is Loss.
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
