#include "xeras/optimizers/schedule_free_adamw.hpp"

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

TEST_CASE("ScheduleFreeAdamW averages the weights that Adam would have", "[optimizers]") {
  // z = 1 - 0.1 and then 1 - 0.2; x = 0.9 and then 0.85; the weights are 0.5 z + 0.5 x.
  ScheduleFreeAdamW optimizer({.learning_rate = 0.1, .beta_1 = 0.5, .epsilon = 0.0});
  Tensor w{1.0f};
  optimizer.apply({Tensor{3.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(0.9, keras_tolerance));
  optimizer.apply({Tensor{3.0f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(0.825, keras_tolerance));
  check_sparse<ScheduleFreeAdamW>(ScheduleFreeAdamWOptions{.weight_decay = 0.1});
}

TEST_CASE("ScheduleFreeAdamW refuses options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { ScheduleFreeAdamW({.beta_1 = 0}); }) ==
        "ScheduleFreeAdamW: beta_1 is 0; expected a number in (0, 1].");
  CHECK(refuse([] { ScheduleFreeAdamW({.beta_2 = 1}); }) ==
        "ScheduleFreeAdamW: beta_2 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { ScheduleFreeAdamW({.epsilon = -1}); }) ==
        "ScheduleFreeAdamW: epsilon is -1; expected a finite number >= 0.");
  CHECK(refuse([] { ScheduleFreeAdamW({.warmup_steps = -1}); }) ==
        "ScheduleFreeAdamW: warmup_steps is -1; expected an integer >= 0.");
}
