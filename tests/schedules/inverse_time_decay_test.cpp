#include "xeras/schedules/inverse_time_decay.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using schedules::InverseTimeDecay;

TEST_CASE("InverseTimeDecay divides the rate by 1 + decay_rate * steps / decay_steps") {
  const InverseTimeDecay rate({.initial_learning_rate = 1.0, .decay_steps = 2.0, .decay_rate = 0.5});
  CHECK(rate(0) == 1.0);
  CHECK(rate(1) == 0.8f);
  CHECK(rate(4) == 0.5);
  const InverseTimeDecay stairs(
      {.initial_learning_rate = 1.0, .decay_steps = 2.0, .decay_rate = 0.5, .staircase = true});
  CHECK(stairs(1) == 1.0);
  CHECK(stairs(3) == 1.0f / 1.5f);
}

TEST_CASE("InverseTimeDecay refuses numbers that decay nothing sensible") {
  CHECK(message_of<InvalidArgument>([] { InverseTimeDecay({.decay_steps = 0.0}); }) ==
        "InverseTimeDecay: decay_steps is 0; expected a finite number > 0.");
  CHECK(message_of<InvalidArgument>([] { InverseTimeDecay({.decay_rate = -1.0}); }) ==
        "InverseTimeDecay: decay_rate is -1; expected a finite number >= 0.");
}
