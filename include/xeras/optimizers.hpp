#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "xeras/optimizers/adam_rest.hpp"
#include "xeras/optimizers/optimizer.hpp"
#include "xeras/optimizers/powers.hpp"

/// How gradients change weights. By name ("sgd", "rmsprop", "adam") or by object.
namespace xeras::optimizers {

XERAS_API Named<Optimizer> get(std::string_view name);

// In the formulas g is the gradient and w the weights. Source: keras.optimizers, Keras 3's formulas.

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0.0;
  bool nesterov = false;
  std::optional<double> weight_decay = {};  ///< from here on: see CommonOptions
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<std::int64_t> gradient_accumulation_steps = {};
  std::string name = "sgd";
};
XERAS_FIELDS(SGDOptions, learning_rate, momentum, nesterov, weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
             ema_momentum, ema_overwrite_frequency, loss_scale_factor, gradient_accumulation_steps, name)

/// w -= learning_rate g. With momentum v = momentum v - learning_rate g and w += v, or with nesterov
/// w += momentum v - learning_rate g.
class XERAS_API SGD final : public OptimizerWith<SGDOptions> {
 public:
  explicit SGD(SGDOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit SGD(L learning_rate) : SGD(SGDOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::size_t slot_count() const override;  // momentum
  std::vector<std::string> slot_names() const override;
  void update(const Step& step, const Stretch& stretch) const override;
  AtRest at_rest() const override;
  void rest(const Rest& rest, const Stretch& stretch) const override;

 private:
  Powers momentum_powers_;
};

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;
  double momentum = 0.0;
  double epsilon = 1e-7;
  bool centered = false;
  std::optional<double> weight_decay = {};  ///< from here on: see CommonOptions
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<std::int64_t> gradient_accumulation_steps = {};
  std::string name = "rm_sprop";
};
XERAS_FIELDS(RMSpropOptions, learning_rate, rho, momentum, epsilon, centered, weight_decay, clipnorm, clipvalue,
             global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
             gradient_accumulation_steps, name)

/// v = rho v + (1 - rho) g^2 and w -= d, where d = learning_rate g / sqrt(v + epsilon). With centered,
/// a = rho a + (1 - rho) g is kept as well and v - a^2 takes the place of v in d. With momentum m = momentum m + d and
/// w -= m.
class XERAS_API RMSprop final : public OptimizerWith<RMSpropOptions> {
 public:
  explicit RMSprop(RMSpropOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit RMSprop(L learning_rate) : RMSprop(RMSpropOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::size_t slot_count() const override;  // velocity, then momentum, then average gradient
  std::vector<std::string> slot_names() const override;
  void update(const Step& step, const Stretch& stretch) const override;
  AtRest at_rest() const override;
  void rest(const Rest& rest, const Stretch& stretch) const override;
  void update_rested(const Step& step, const Rest& rest, const Stretch& stretch) const override;

 private:
  Powers rho_powers_;
  Powers momentum_powers_;
};

struct AdamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  std::optional<double> weight_decay = {};  ///< from here on: see CommonOptions
  std::optional<double> clipnorm = {};
  std::optional<double> clipvalue = {};
  std::optional<double> global_clipnorm = {};
  bool use_ema = false;
  double ema_momentum = 0.99;
  std::optional<std::int64_t> ema_overwrite_frequency = {};
  std::optional<double> loss_scale_factor = {};
  std::optional<std::int64_t> gradient_accumulation_steps = {};
  std::string name = "adam";
};
XERAS_FIELDS(AdamOptions, learning_rate, beta_1, beta_2, epsilon, amsgrad, weight_decay, clipnorm, clipvalue,
             global_clipnorm, use_ema, ema_momentum, ema_overwrite_frequency, loss_scale_factor,
             gradient_accumulation_steps, name)

/// m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v) and
/// w -= learning_rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon) in update t. With amsgrad the largest
/// v so far takes the place of v.
/// Source  Kingma & Ba, arXiv 1412.6980; amsgrad: Reddi et al., arXiv 1904.09237
class XERAS_API Adam final : public OptimizerWith<AdamOptions> {
 public:
  explicit Adam(AdamOptions options = {});
  template <std::convertible_to<LearningRate> L>
  explicit Adam(L learning_rate) : Adam(AdamOptions{.learning_rate = std::move(learning_rate)}) {}

 protected:
  std::size_t slot_count() const override;  // momentum, velocity, then the largest velocity
  std::vector<std::string> slot_names() const override;
  std::size_t slots_saved_together() const override { return 2; }
  void begin(const Step& step) override;
  void update(const Step& step, const Stretch& stretch) const override;
  AtRest at_rest() const override;
  void rest(const Rest& rest, const Stretch& stretch) const override;
  void reserve_memory() override { rest_.reserve(); }
  void remember(const Step& step) override;
  void forget() override;
  std::int64_t longest_rest() const override;

 private:
  AdamRest rest_;
  Powers beta_1_powers_;
  Powers beta_2_powers_;
  float alpha_ = 0.0f;  // of this step: the learning rate, corrected
};

}  // namespace xeras::optimizers
