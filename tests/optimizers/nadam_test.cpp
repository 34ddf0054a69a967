#include "xeras/optimizers/nadam.hpp"

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

TEST_CASE("Nadam keeps the product of its momenta", "[optimizers]") {
  Nadam nadam({.learning_rate = 1.0, .beta_1 = 0.5, .beta_2 = 0.5, .epsilon = 0.0});
  Tensor w{0.0f};
  nadam.apply({Tensor{2.0f}}, {&w});
  const double u_1 = 0.5 * (1.0 - 0.5 * 0.96), u_2 = 0.5 * (1.0 - 0.5 * 0.96 * 0.96);
  const double m = u_2 * 1.0 / (1.0 - u_1 * u_2) + (1.0 - u_1) * 2.0 / (1.0 - u_1);  // m is 1, v is 2, and 4 corrected
  CHECK_THAT(w[0], WithinAbs(-m / 2.0, keras_tolerance));
  std::array<Parameter, 1> parameters{Parameter{w.data(), {1}, nullptr, {}}};
  CHECK_THAT(*nadam.state(parameters)[2].values, WithinAbs(u_1, keras_tolerance));
  check_sparse<Nadam>(NadamOptions{.weight_decay = 0.1});
}

TEST_CASE("Nadam refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Nadam({.beta_1 = 1}); }) == "Nadam: beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Nadam({.beta_2 = 1}); }) == "Nadam: beta_2 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Nadam({.epsilon = -1}); }) == "Nadam: epsilon is -1; expected a finite number >= 0.");
}
