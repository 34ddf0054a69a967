#include "xeras/schedules/exponential_decay.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using schedules::ExponentialDecay;

TEST_CASE("ExponentialDecay multiplies the rate by decay_rate after each decay_steps") {
  const ExponentialDecay rate({.initial_learning_rate = 1.0, .decay_steps = 2, .decay_rate = 0.25});
  CHECK(rate(0) == 1.0);
  CHECK(rate(1) == 0.5);
  CHECK(rate(4) == 0.0625);
  const ExponentialDecay stairs(
      {.initial_learning_rate = 1.0, .decay_steps = 2, .decay_rate = 0.25, .staircase = true});
  CHECK(stairs(1) == 1.0);
  CHECK(stairs(3) == 0.25);
}

TEST_CASE("ExponentialDecay refuses missing numbers and those that decay nothing") {
  const auto message = [](schedules::ExponentialDecayOptions options) {
    return message_of<InvalidArgument>([&] { ExponentialDecay{options}; });
  };
  CHECK(message({}) ==
        "ExponentialDecay: initial_learning_rate is missing; expected a number. Give one, such as "
        ".initial_learning_rate = 0.1.");
  CHECK(message({.initial_learning_rate = 0.1}) ==
        "ExponentialDecay: decay_steps is missing; expected a number. Give one, such as .decay_steps = 1000.");
  CHECK(message({.initial_learning_rate = 0.1, .decay_steps = 10}) ==
        "ExponentialDecay: decay_rate is missing; expected a number. Give one, such as .decay_rate = 0.96.");
  CHECK(message({.initial_learning_rate = std::nan(""), .decay_steps = 10, .decay_rate = 1.0}) ==
        "ExponentialDecay: initial_learning_rate is nan; expected a finite number.");
  CHECK(message({.initial_learning_rate = 0.1, .decay_steps = 0, .decay_rate = 1.0}) ==
        "ExponentialDecay: decay_steps is 0; expected a finite number > 0.");
  CHECK(message({.initial_learning_rate = 0.1, .decay_steps = 1, .decay_rate = -1.0}) ==
        "ExponentialDecay: decay_rate is -1; expected a finite number >= 0.");
}
