#pragma once

#include <cmath>

#include "xeras/optimizers.hpp"

// Optimizers of a user's own, as docs/adding_an_optimizer.md has them.
namespace xeras::testing {

using optimizers::LearningRate;
using optimizers::OptimizerWith;

// [yogi]
// The constructor's arguments, in order; those from clipnorm to name are the same for all optimizers.
struct YogiOptions {
  LearningRate learning_rate = 0.01;
  double beta = 0.999;
  double initial_accumulator_value = 1e-6;
  double epsilon = 1e-3;
  std::optional<double> weight_decay = {};
  XERAS_COMMON_OPTIONS("yogi");
};
XERAS_FIELDS(YogiOptions, learning_rate, beta, initial_accumulator_value, epsilon, weight_decay, XERAS_COMMON_FIELDS)

// Yogi without momentum: v -= (1 - beta) sign(v - g^2) g^2 and w -= learning_rate g / (sqrt(v) + epsilon).
class Yogi final : public OptimizerWith<YogiOptions> {
 public:
  explicit Yogi(YogiOptions options = {}) : OptimizerWith("Yogi", std::move(options)) {}

 protected:
  std::vector<Slot> slots(const Parameter&) const override {
    return {{.name = "accumulator", .start = static_cast<float>(config().initial_accumulator_value)}};
  }

  // A row without gradient keeps its weights and its accumulator, so that there is nothing to postpone.
  Stretches stretches() const override { return Stretches::still_rows; }

  void update(const Step& step, const Stretch& part) const override {
    float* const v = part.slots[0];
    const auto rate = static_cast<float>(step.learning_rate), epsilon = static_cast<float>(config().epsilon);
    const auto share = static_cast<float>(1.0 - config().beta);
    for (std::size_t i = 0; i < part.size; ++i) {
      const float square = part.g[i] * part.g[i];
      v[i] -= v[i] > square ? share * square : -share * square;
      part.w[i] -= rate * part.g[i] / (std::sqrt(v[i]) + epsilon);
    }
  }
};
// [yogi]

// [trust]
struct TrustRatioOptions {
  LearningRate learning_rate = 0.01;
  std::string name = "trust_ratio";
};
XERAS_FIELDS(TrustRatioOptions, learning_rate, name)

// LARS without momentum: w -= learning_rate |w| / |g| g, with the norms of a whole parameter.
class TrustRatio final : public OptimizerWith<TrustRatioOptions> {
 public:
  explicit TrustRatio(TrustRatioOptions options = {}) : OptimizerWith("TrustRatio", std::move(options)) {}

 protected:
  Stretches stretches() const override { return Stretches::whole; }

  void update(const Step& step, const Stretch& all) const override {
    double w_squares = 0.0, g_squares = 0.0;
    for (std::size_t i = 0; i < all.size; ++i) {
      w_squares += static_cast<double>(all.w[i]) * all.w[i];
      g_squares += static_cast<double>(all.g[i]) * all.g[i];
    }
    const double ratio = w_squares > 0.0 && g_squares > 0.0 ? std::sqrt(w_squares / g_squares) : 1.0;
    for (std::size_t i = 0; i < all.size; ++i) all.w[i] -= static_cast<float>(step.learning_rate * ratio) * all.g[i];
  }
};
// [trust]

// [number]
struct WarmOptions {
  LearningRate learning_rate = 0.01;
  double beta = 0.5;
  std::string name = "warm";
};
XERAS_FIELDS(WarmOptions, learning_rate, beta, name)

// w -= learning_rate (1 - p) g, where p is the product of the betas so far: the first steps are small.
class Warm final : public OptimizerWith<WarmOptions> {
 public:
  explicit Warm(WarmOptions options = {}) : OptimizerWith("Warm", std::move(options)) {}

 protected:
  std::vector<Number> numbers() const override { return {{.name = "product", .start = 1.0f}}; }

  void begin(const Step& step) override { step.numbers[0] *= static_cast<float>(config().beta); }

  void update(const Step& step, const Stretch& part) const override {
    const float rate = static_cast<float>(step.learning_rate) * (1.0f - step.numbers[0]);
    for (std::size_t i = 0; i < part.size; ++i) part.w[i] -= rate * part.g[i];
  }
};
// [number]

}  // namespace xeras::testing
