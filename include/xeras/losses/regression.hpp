#pragma once

#include "xeras/losses/loss.hpp"

namespace xeras::losses {

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

}  // namespace xeras::losses
