#include "xeras/optimizers/rmsprop.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <span>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::expect;
using testing::keras_tolerance;

TEST_CASE("RMSprop gives the numbers of Keras", "[optimizers]") {
  expect(RMSprop({.learning_rate = 0.1}), {-0.32276034, -0.93547231, 0.40194091, 1.9002447, 0.19805908, -1.3645282});
  expect(RMSprop({.learning_rate = 0.1, .momentum = 0.5}),
         {-1.1828794, -0.20893815, 0.049197286, 1.2797295, 0.55080265, -2.0910628});
  expect(RMSprop({.learning_rate = 0.1, .centered = true}),
         {-0.50235677, -0.77289712, 0.37392598, 1.7729229, 0.22607401, -1.5271038});
  expect(RMSprop({.learning_rate = 0.1, .momentum = 0.5, .centered = true}),
         {-1.4534618, 0.036643893, -0.006218493, 1.0977507, 0.60621846, -2.3366454});
  expect(RMSprop({.learning_rate = 0.1, .rho = 0.5, .epsilon = 0.1}),
         {0.65377271, -1.5408365, 0.5097568, 2.5806971, 0.090243176, -0.80375206});
}

TEST_CASE("RMSprop catches up a row whose updates were postponed for very long", "[optimizers]") {
  // v = 0.1 g^2, then 3000 times 0.99 v.
  RMSprop optimizer({.learning_rate = 1.0, .rho = 0.99, .epsilon = 1e-12});
  std::vector<float> w(2), g{1.0f};
  const std::int32_t first[] = {0}, second[] = {1};
  const auto step = [&](std::span<const std::int32_t> row) {
    std::array<Parameter, 1> parameters{Parameter{w.data(), {2, 1}, nullptr, {g.data(), row, true}}};
    optimizer.apply(parameters);
  };
  step(first);
  for (int i = 0; i < 3000; ++i) step(second);
  w[0] = 0.0f;
  g[0] = 1e-6f;
  step(first);
  const double v = 0.01 * std::pow(0.99, 3001) + 0.01 * 1e-12;
  CHECK_THAT(w[0], WithinAbs(-1e-6 / std::sqrt(v + 1e-12), keras_tolerance));
}

TEST_CASE("RMSprop refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { RMSprop({.rho = -1}); }) == "RMSprop: rho is -1; expected a number from 0 to 1.");
  CHECK(refuse([] { RMSprop({.momentum = -1}); }) == "RMSprop: momentum is -1; expected a number from 0 to 1.");
  CHECK(refuse([] { RMSprop({.epsilon = -1}); }) == "RMSprop: epsilon is -1; expected a finite number >= 0.");
}
