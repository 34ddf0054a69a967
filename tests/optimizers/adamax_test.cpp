#include "xeras/optimizers/adamax.hpp"

#include <functional>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::check_sparse;
using testing::keras_tolerance;

// golden/optimizers.json has ten steps of Keras with all options: see io/optimizer_trajectories_test.cpp.

TEST_CASE("Adamax divides by the largest gradient, which fades", "[optimizers]") {
  // m = 2, u = 4, corrected by 1 - 0.5; then m = 0.5, u = max(0.5 4, 1) = 2, corrected by 1 - 0.25.
  Adamax adamax({.learning_rate = 1.0, .beta_1 = 0.5, .beta_2 = 0.5, .epsilon = 0.0});
  Tensor w{0.0f};
  adamax.apply({Tensor{4.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(-1.0, keras_tolerance));
  adamax.apply({Tensor{-1.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(-1.0 - 0.5 / 2.0 / 0.75, keras_tolerance));
  check_sparse<Adamax>(AdamaxOptions{.global_clipnorm = 1.0});
}

TEST_CASE("Adamax shows a gradient that is no number", "[optimizers]") {
  Adamax adamax;
  Tensor w{0.0f};
  adamax.apply({Tensor{NAN}}, {&w});
  CHECK(std::isnan(w[0]));
}

TEST_CASE("Adamax refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Adamax({.beta_1 = 1}); }) == "Adamax: beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Adamax({.beta_2 = 2}); }) == "Adamax: beta_2 is 2; expected a number from 0 to 1.");
  CHECK(refuse([] { Adamax({.epsilon = -1}); }) == "Adamax: epsilon is -1; expected a finite number >= 0.");
}
