#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "xeras/optimizers.hpp"

namespace xeras::testing {

// The update rules by Keras's formulas, in double, for one weight.
struct PlainWeight {
  double w = 0.0, a = 0.0, b = 0.0, c = 0.0;
};
using Rule = std::function<void(PlainWeight&, double g, double learning_rate, int t)>;

inline Rule plain_rule(const optimizers::SGDOptions& o) {
  const double momentum = static_cast<float>(o.momentum);  // a float, which shows over a thousand steps
  const double decay = o.weight_decay.value_or(0.0);
  return [=](PlainWeight& x, double g, double rate, int) {
    x.w -= decay * rate * x.w;
    x.a = momentum * x.a - rate * g;
    x.w += o.nesterov ? momentum * x.a - rate * g : x.a;
  };
}

inline Rule plain_rule(const optimizers::RMSpropOptions& o) {
  return [o](PlainWeight& x, double g, double rate, int) {
    x.w -= o.weight_decay.value_or(0.0) * rate * x.w;
    x.a = o.rho * x.a + (1.0 - o.rho) * g * g;
    x.b = o.rho * x.b + (1.0 - o.rho) * g;
    const double variance = o.centered ? std::max(x.a - x.b * x.b, 0.0) : x.a;
    x.c = o.momentum * x.c + rate * g / std::sqrt(variance + o.epsilon);
    x.w -= x.c;
  };
}

template <class Options>
Rule plain_adam(const Options& o) {
  const double decay = o.weight_decay.value_or(0.0);
  return [=](PlainWeight& x, double g, double rate, int t) {
    x.w -= decay * rate * x.w;
    x.a += (1.0 - o.beta_1) * (g - x.a);
    x.b += (1.0 - o.beta_2) * (g * g - x.b);
    const double alpha = rate * std::sqrt(1.0 - std::pow(static_cast<float>(o.beta_2), static_cast<double>(t))) /
                         (1.0 - std::pow(static_cast<float>(o.beta_1), static_cast<double>(t)));
    x.w -= alpha * x.a / (std::sqrt(x.b) + o.epsilon);
  };
}
inline Rule plain_rule(const optimizers::AdamOptions& o) { return plain_adam(o); }
inline Rule plain_rule(const optimizers::AdamWOptions& o) { return plain_adam(o); }

inline Rule plain_rule(const optimizers::AdagradOptions& o) {
  const double decay = o.weight_decay.value_or(0.0);
  return [=](PlainWeight& x, double g, double rate, int t) {
    if (t == 1) x.a = o.initial_accumulator_value;
    x.w -= decay * rate * x.w;
    x.a += g * g;
    x.w -= rate * g / std::sqrt(x.a + o.epsilon);
  };
}

inline Rule plain_rule(const optimizers::AdadeltaOptions& o) {
  const double decay = o.weight_decay.value_or(0.0), rho = static_cast<float>(o.rho);
  return [=](PlainWeight& x, double g, double rate, int) {
    x.w -= decay * rate * x.w;
    x.a = rho * x.a + (1.0 - o.rho) * g * g;
    const double d = std::sqrt(x.b + o.epsilon) / std::sqrt(x.a + o.epsilon) * g;
    x.b = rho * x.b + (1.0 - o.rho) * d * d;
    x.w -= rate * d;
  };
}

inline Rule plain_rule(const optimizers::AdamaxOptions& o) {
  const double decay = o.weight_decay.value_or(0.0), beta_2 = static_cast<float>(o.beta_2);
  return [=](PlainWeight& x, double g, double rate, int t) {
    x.w -= decay * rate * x.w;
    x.a += (1.0 - o.beta_1) * (g - x.a);
    x.b = std::max(beta_2 * x.b, std::abs(g));
    x.w -= rate / (1.0 - std::pow(o.beta_1, t)) * x.a / (x.b + o.epsilon);
  };
}

inline Rule plain_rule(const optimizers::FtrlOptions& o) {
  const double decay = o.weight_decay.value_or(0.0);
  return [=](PlainWeight& x, double g, double rate, int t) {
    if (t == 1) x.a = o.initial_accumulator_value;
    x.w -= decay * rate * x.w;
    const double before = std::pow(x.a, -o.learning_rate_power);
    x.a += g * g;
    const double after = std::pow(x.a, -o.learning_rate_power), l1 = o.l1_regularization_strength;
    x.b += g + 2.0 * o.l2_shrinkage_regularization_strength * x.w - (after - before) / rate * x.w;
    const double excess = std::clamp(x.b, -l1, l1) - x.b;
    x.w = excess == 0.0 ? 0.0 : excess / ((after + o.beta) / rate + 2.0 * o.l2_regularization_strength);
  };
}

inline Rule plain_rule(const optimizers::LionOptions& o) {
  const double decay = o.weight_decay.value_or(0.0);
  const double beta_1 = static_cast<float>(o.beta_1), beta_2 = static_cast<float>(o.beta_2);
  return [=](PlainWeight& x, double g, double rate, int) {
    x.w -= decay * rate * x.w;
    const double direction = beta_1 * x.a + (1.0 - beta_1) * g;
    x.w -= direction > 0.0 ? rate : direction < 0.0 ? -rate : 0.0;
    x.a = beta_2 * x.a + (1.0 - beta_2) * g;
  };
}

inline Rule plain_rule(const optimizers::NadamOptions& o) {
  const double beta_1 = static_cast<float>(o.beta_1), beta_2 = static_cast<float>(o.beta_2);
  return [=](PlainWeight& x, double g, double rate, int t) {
    const auto u = [&](int n) { return beta_1 * (1.0 - 0.5 * std::pow(0.96, n)); };
    if (t == 1) x.c = 1.0;
    x.c *= u(t);
    x.a += (1.0 - beta_1) * (g - x.a);
    x.b += (1.0 - beta_2) * (g * g - x.b);
    const double m = u(t + 1) * x.a / (1.0 - x.c * u(t + 1)) + (1.0 - u(t)) * g / (1.0 - x.c);
    x.w -= rate * m / (std::sqrt(x.b / (1.0 - std::pow(beta_2, t))) + o.epsilon);
  };
}

inline Rule plain_rule(const optimizers::ScheduleFreeAdamWOptions& o) {
  const double beta_2 = static_cast<float>(o.beta_2);
  return [=](PlainWeight& x, double g, double rate, int t) {
    if (t == 1) x.a = x.c = x.w;
    x.b += (1.0 - beta_2) * (g * g - x.b);
    x.a -= rate * g / (std::sqrt(x.b / (1.0 - std::pow(beta_2, t))) + o.epsilon);
    x.c += (x.a - x.c) / t;
    x.w = (1.0 - o.beta_1) * x.a + o.beta_1 * x.c;
  };
}

}  // namespace xeras::testing
