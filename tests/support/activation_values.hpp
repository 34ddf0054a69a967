#pragma once

#include <vector>

#include "support/special_floats.hpp"
#include "xeras/activations.hpp"

namespace xeras::testing {

// Keras's numbers are floats, printed with seven digits.
constexpr double keras_tolerance = 2e-6;

inline std::vector<float> values(const ActivationArgument& f, const std::vector<float>& x, std::size_t columns = 1) {
  std::vector<float> y(x.size());
  f->forward(x.data(), y.data(), x.size() / columns, columns);
  return y;
}

// The gradient of sum(dy * y). Hands over the input only where it is asked for.
inline std::vector<float> gradient(const ActivationArgument& f, const std::vector<float>& x,
                                   const std::vector<float>& dy, std::size_t columns = 1) {
  const std::vector<float> y = values(f, x, columns);
  std::vector<float> dx(x.size());
  f->backward(f->needs_input() ? x.data() : nullptr, y.data(), dy.data(), dx.data(), x.size() / columns, columns);
  return dx;
}

inline std::vector<float> slopes(const ActivationArgument& f, const std::vector<float>& x) {
  return gradient(f, x, std::vector<float>(x.size(), 1.0f));
}

}  // namespace xeras::testing
