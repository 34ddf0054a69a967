#include "xeras/optimizers/learning_rate.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using optimizers::InverseTimeDecay;
using optimizers::LearningRate;

TEST_CASE("InverseTimeDecay divides the rate by 1 + decay_rate * steps / decay_steps") {
  CHECK(LearningRate(0.5)(7) == 0.5);
  const LearningRate rate = InverseTimeDecay{.initial_learning_rate = 1.0, .decay_steps = 2.0, .decay_rate = 0.5};
  CHECK(rate(0) == 1.0);
  CHECK(rate(1) == 1.0 / 1.25);
  CHECK(rate(4) == 0.5);
  const LearningRate stairs =
      InverseTimeDecay{.initial_learning_rate = 1.0, .decay_steps = 2.0, .decay_rate = 0.5, .staircase = true};
  CHECK(stairs(1) == 1.0);
  CHECK(stairs(3) == 1.0 / 1.5);
}

TEST_CASE("InverseTimeDecay refuses numbers that decay nothing sensible") {
  CHECK(message_of<InvalidArgument>([] { LearningRate(InverseTimeDecay{.decay_steps = 0.0}); }) ==
        "InverseTimeDecay: decay_steps is 0; expected a finite number > 0.");
  CHECK(message_of<InvalidArgument>([] { LearningRate(InverseTimeDecay{.decay_rate = -1.0}); }) ==
        "InverseTimeDecay: decay_rate is -1; expected a finite number >= 0.");
}

TEST_CASE("SGD with InverseTimeDecay takes smaller steps each time, and its rate cannot be set") {
  optimizers::SGD sgd({.learning_rate = InverseTimeDecay{.initial_learning_rate = 1.0, .decay_rate = 1.0}});
  Tensor w{0.0f};
  for (int step = 0; step < 3; ++step) sgd.apply({Tensor{1.0f}}, {&w});
  CHECK_THAT(w(0), WithinAbs(-(1.0 + 1.0 / 2.0 + 1.0 / 3.0), 1e-6));
  CHECK(sgd.learning_rate() == 0.25);
  CHECK(
      message_of<InvalidArgument>([&] { sgd.set_learning_rate(0.1); }) ==
      "SGD: set_learning_rate of a learning rate that follows a schedule; expected one that is a number. Compile with "
      "an optimizer whose learning_rate is a number.");
}

TEST_CASE("A learning rate that is a schedule comes back from its configuration") {
  const optimizers::Adam adam(
      {.learning_rate = InverseTimeDecay{.initial_learning_rate = 0.1, .decay_steps = 3.0, .decay_rate = 0.2}});
  const Value config = to_value(OptimizerArgument(adam));
  OptimizerArgument again;
  from_value(config, again, "test");
  CHECK(to_value(again) == config);
}
