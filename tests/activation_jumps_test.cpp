#include <cmath>

#include "catch.hpp"
#include "support/close.hpp"
#include "xeras/activations.hpp"
#include "xeras/xtensor.hpp"

// Where activations differ from Keras, or from one of its backends: docs/from_keras.md.

using namespace xeras;

// Keras 3.15 gives {0.25, 0, 0} for the first, and 1/30 three times for the second.
TEST_CASE("Sparsemax makes probabilities of any scores", "[activations]") {
  const Tensor p = activations::get("sparsemax")({{1.0, 0.5, 0.2}, {0.3, 0.3, 0.3}, {2.0, 0.0, -1.0}});
  check_close({p.begin(), p.end()}, {0.75f, 0.25f, 0, 1.0f / 3, 1.0f / 3, 1.0f / 3, 1, 0, 0}, 1e-6);
}

TEST_CASE("Activation has the slope of Keras on torch where the slope jumps", "[activations]") {
  const auto slope = [](const char* name, float x) {
    const ActivationArgument activation = activations::get(name);
    float y, one = 1.0f, dx;
    activation->forward(&x, &y, 1, 1);
    activation->backward(&x, &y, &one, &dx, 1, 1);
    return dx;
  };
  const std::vector<std::pair<const char*, std::vector<std::pair<float, float>>>> jumps = {
      {"relu", {{0, 0}}},
      {"relu6", {{0, 0}, {6, 0}}},
      {"leaky_relu", {{0, 0.2f}}},
      {"elu", {{0, 1}}},
      {"celu", {{0, 1}}},
      {"selu", {{0, 1.7580993f}}},
      {"hard_tanh", {{-1, 0}, {1, 0}}},
      {"hard_sigmoid", {{-3, 0}, {3, 0}}},
      {"soft_shrink", {{-0.5f, 0}, {0.5f, 0}}},
      {"hard_shrink", {{-0.5f, 0}, {0.5f, 0}}}};
  for (const auto& [name, points] : jumps) {
    for (const auto& [x, expected] : points) {
      INFO(name << " at " << x);
      CHECK(std::abs(slope(name, x) - expected) <= 1e-6f);
    }
  }
}
