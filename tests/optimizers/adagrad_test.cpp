#include "xeras/optimizers/adagrad.hpp"

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

TEST_CASE("Adagrad divides by the root of all squares so far", "[optimizers]") {
  // Accumulators 7 + 3^2 and 16 + 3^2.
  Adagrad adagrad({.learning_rate = 0.5, .initial_accumulator_value = 7.0, .epsilon = 0.0});
  Tensor w{1.0f};
  for (int step = 0; step < 2; ++step) adagrad.apply({Tensor{3.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(1.0 - 0.5 * 3.0 / 4.0 - 0.5 * 3.0 / 5.0, keras_tolerance));
  check_sparse<Adagrad>(AdagradOptions{.clipnorm = 1.0});
  check_sparse<Adagrad>(AdagradOptions{.weight_decay = 0.1, .use_ema = true});
}

TEST_CASE("Adagrad refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { Adagrad({.initial_accumulator_value = -1}); }) ==
        "Adagrad: initial_accumulator_value is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Adagrad({.epsilon = -1}); }) == "Adagrad: epsilon is -1; expected a finite number >= 0.");
}
