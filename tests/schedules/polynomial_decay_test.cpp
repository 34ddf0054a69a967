#include "xeras/schedules/polynomial_decay.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using schedules::PolynomialDecay;

TEST_CASE("PolynomialDecay falls to end_learning_rate and stays there, or cycles") {
  const PolynomialDecay line({.initial_learning_rate = 1.0, .decay_steps = 4, .end_learning_rate = 0.5});
  CHECK(line(0) == 1.0);
  CHECK(line(1) == 0.875);
  CHECK(line(4) == 0.5);
  CHECK(line(9) == 0.5);
  const PolynomialDecay square(
      {.initial_learning_rate = 1.0, .decay_steps = 4, .end_learning_rate = 0.0, .power = 2.0, .cycle = true});
  CHECK(square(0) == 1.0);
  CHECK(square(2) == 0.25);
  CHECK(square(4) == 0.0);
  CHECK(square(6) == 0.0625);  // (1 - 6 / 8)^2
}

TEST_CASE("PolynomialDecay refuses missing and infinite numbers") {
  CHECK(message_of<InvalidArgument>([] { PolynomialDecay({.initial_learning_rate = 0.1}); }) ==
        "PolynomialDecay: decay_steps is missing; expected a number. Give one, such as .decay_steps = 1000.");
  CHECK(message_of<InvalidArgument>([] {
          PolynomialDecay({.initial_learning_rate = 0.1, .decay_steps = 1, .power = HUGE_VAL});
        }) == "PolynomialDecay: power is inf; expected a finite number.");
}
