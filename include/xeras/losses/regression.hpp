#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

struct MeanSquaredErrorOptions {
  std::optional<std::string> reduction = "sum_over_batch_size";
  std::string name = "mean_squared_error";
};
XERAS_FIELDS(MeanSquaredErrorOptions, reduction, name)

/// The mean squared error, "mse": mean (y - p)^2.
///
///   model.compile("adam", losses::MeanSquaredError());
///   losses::MeanSquaredError()({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.5
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

/// The mean absolute error, "mae": mean |y - p|. Its gradient is 0 where y = p.
///
///   model.compile("adam", losses::MeanAbsoluteError());
///   losses::MeanAbsoluteError()({{0, 1}, {0, 0}}, {{1, 1}, {1, 0}});  // 0.5
class XERAS_API MeanAbsoluteError final : public LossWith<MeanAbsoluteErrorOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& targets, float* values, float* dp) const override;
};

}  // namespace xeras::losses
