#pragma once

#include <functional>
#include <span>

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

/// Returns the loss of one row of targets and predictions.
using RowValue = std::function<double(std::span<const float> y_true, std::span<const float> y_pred)>;
/// Writes the derivatives of that loss with respect to each number of y_pred to dp.
using RowGradient =
    std::function<void(std::span<const float> y_true, std::span<const float> y_pred, std::span<float> dp)>;

/// A loss from two functions of a row; see from_functions. It reduces rows as "sum_over_batch_size" does.
class XERAS_API FunctionLoss final : public RowLoss {
 public:
  FunctionLoss(std::string name, RowValue value, RowGradient gradient, TargetKind targets);
  const std::string& name() const override { return name_; }
  /// Returns {"name": name}; functions cannot be written.
  Value get_config() const override;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
  const std::string& reduction() const override { return reduction_; }
  TargetKind target_kind() const override { return target_kind_; }

 private:
  std::string name_;
  std::string reduction_ = "sum_over_batch_size";
  RowValue value_;
  RowGradient gradient_;
  TargetKind target_kind_;
};

/// Returns a loss of your own: the mean of value(y_true, y_pred) over the rows of a batch, with masks and sample
/// weights as in every loss. `gradient` must write every number of dp. `targets` says what y_true holds: numbers like
/// those of y_pred, one-hot rows, or one class number for each row.
///
///   const auto value = [](std::span<const float> y, std::span<const float> p) { return std::abs(p[0] - y[0]); };
///   const auto gradient = [](std::span<const float> y, std::span<const float> p, std::span<float> dp) {
///     dp[0] = p[0] > y[0] ? 1.0f : -1.0f;
///   };
///   model.compile("adam", losses::from_functions("distance", value, gradient));
///
/// Files keep the name, as Keras's files keep that of a Python function. To load one, pass the same loss:
/// load_model("m.keras", {.custom_objects = {custom_loss(losses::from_functions("distance", value, gradient))}}). An
/// exception of a function leaves the step, which changes no weight, and reaches the caller of fit. Functions run in
/// the thread of the call; calls of one const model from several threads share them.
///
/// Throws  InvalidArgument for an empty name or an empty function
XERAS_API FunctionLoss from_functions(std::string name, RowValue value, RowGradient gradient,
                                      TargetKind targets = TargetKind::values);

}  // namespace xeras::losses
