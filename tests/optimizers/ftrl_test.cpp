#include "xeras/optimizers/ftrl.hpp"

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

TEST_CASE("Ftrl sets weights from its sums, to 0 where they are small", "[optimizers]") {
  // a = 7 + 3^2, z = 3 - (4 - sqrt(7)) / 0.5 1; the other's z is 0.25, below l1.
  Ftrl ftrl({.learning_rate = 0.5, .initial_accumulator_value = 7.0, .l1_regularization_strength = 0.26});
  Tensor w{1.0f, 0.0f};
  ftrl.apply({Tensor{3.0f, 0.25f}}, {&w});
  const double z = 3.0 - (4.0 - std::sqrt(7.0)) / 0.5;
  CHECK_THAT(w[0], WithinAbs((0.26 - z) / (4.0 / 0.5), keras_tolerance));
  CHECK(w[1] == 0.0f);
  check_sparse<Ftrl>(FtrlOptions{.l2_shrinkage_regularization_strength = 0.1});
}

TEST_CASE("Ftrl leaves no weight undefined whose sums are 0", "[optimizers]") {
  Ftrl ftrl({.initial_accumulator_value = 0.0});
  Tensor w{1.0f};
  ftrl.apply({Tensor{0.0f}}, {&w});
  CHECK(w[0] == 0.0f);
}

TEST_CASE("Ftrl refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Ftrl({.learning_rate = 0}); }) == "Ftrl: learning_rate is 0; expected a finite number > 0.");
  CHECK(refuse([] { Ftrl({.learning_rate_power = 1}); }) ==
        "Ftrl: learning_rate_power is 1; expected a finite number <= 0.");
  CHECK(refuse([] { Ftrl({.initial_accumulator_value = -1}); }) ==
        "Ftrl: initial_accumulator_value is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Ftrl({.l1_regularization_strength = -1}); }) ==
        "Ftrl: l1_regularization_strength is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Ftrl({.l2_regularization_strength = -1}); }) ==
        "Ftrl: l2_regularization_strength is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Ftrl({.l2_shrinkage_regularization_strength = -1}); }) ==
        "Ftrl: l2_shrinkage_regularization_strength is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Ftrl({.beta = -1}); }) == "Ftrl: beta is -1; expected a finite number >= 0.");
}
