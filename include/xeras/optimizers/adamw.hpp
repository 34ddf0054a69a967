#pragma once

#include "xeras/optimizers/adam.hpp"

namespace xeras::optimizers {

struct XERAS_API AdamWOptions {
  LearningRate learning_rate = 0.001;
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  XERAS_COMMON_OPTIONS("adam_w");
};
XERAS_FIELDS(AdamWOptions, learning_rate, weight_decay, beta_1, beta_2, epsilon, amsgrad, XERAS_COMMON_FIELDS)

/// AdamW: w -= learning_rate weight_decay w, then the update of Adam. It is an Adam that decays by default.
///
///   model.compile("adamw", "mse");
///   model.compile(optimizers::AdamW({.learning_rate = 1e-4, .weight_decay = 0.01}), "mse");
///
/// Throws  InvalidArgument without weight_decay, too
/// Source  keras.optimizers.AdamW; Loshchilov & Hutter, arXiv 1711.05101
class XERAS_API AdamW final : public AdamWith<AdamWOptions> {
 public:
  explicit AdamW(AdamWOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit AdamW(L learning_rate) : AdamW(AdamWOptions{.learning_rate = std::move(learning_rate)}) {}
};
extern template class AdamWith<AdamWOptions>;

}  // namespace xeras::optimizers
