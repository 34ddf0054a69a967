#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "xeras/optimizers.hpp"

namespace xeras::testing {

// The update rules by Keras's formulas, in double, for one weight.
struct Weight {
  double w = 0.0, a = 0.0, b = 0.0, c = 0.0;
};
using Rule = std::function<void(Weight&, double g, double learning_rate, int t)>;

inline Rule plain_rule(const optimizers::SGDOptions& o) {
  const double momentum = static_cast<float>(o.momentum);  // a float, which shows over a thousand steps
  return [=](Weight& x, double g, double rate, int) {
    x.a = momentum * x.a - rate * g;
    x.w += o.nesterov ? momentum * x.a - rate * g : x.a;
  };
}

inline Rule plain_rule(const optimizers::RMSpropOptions& o) {
  return [o](Weight& x, double g, double rate, int) {
    x.a = o.rho * x.a + (1.0 - o.rho) * g * g;
    x.b = o.rho * x.b + (1.0 - o.rho) * g;
    const double variance = o.centered ? std::max(x.a - x.b * x.b, 0.0) : x.a;
    x.c = o.momentum * x.c + rate * g / std::sqrt(variance + o.epsilon);
    x.w -= x.c;
  };
}

inline Rule plain_rule(const optimizers::AdamOptions& o) {
  return [o](Weight& x, double g, double rate, int t) {
    x.a += (1.0 - o.beta_1) * (g - x.a);
    x.b += (1.0 - o.beta_2) * (g * g - x.b);
    const double alpha = rate * std::sqrt(1.0 - std::pow(o.beta_2, t)) / (1.0 - std::pow(o.beta_1, t));
    x.w -= alpha * x.a / (std::sqrt(x.b) + o.epsilon);
  };
}

}  // namespace xeras::testing
