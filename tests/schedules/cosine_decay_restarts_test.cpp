#include "xeras/schedules/cosine_decay_restarts.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using schedules::CosineDecayRestarts;

TEST_CASE("CosineDecayRestarts begins again, for longer and lower") {
  const CosineDecayRestarts rate({.initial_learning_rate = 1.0, .first_decay_steps = 4, .m_mul = 0.5});
  CHECK(rate(0) == 1.0);
  CHECK_THAT(rate(2), WithinAbs(0.5, 1e-7));
  CHECK(rate(4) == 0.5);
  CHECK_THAT(rate(8), WithinAbs(0.25, 1e-7));  // half of 8 steps
  CHECK(rate(12) == 0.25);
  const CosineDecayRestarts equal({.initial_learning_rate = 1.0, .first_decay_steps = 4, .t_mul = 1.0, .alpha = 0.5});
  CHECK_THAT(equal(6), WithinAbs(0.75, 1e-7));
  CHECK(equal(8) == 1.0);
}

TEST_CASE("CosineDecayRestarts refuses periods that shrink to nothing") {
  CHECK(message_of<InvalidArgument>([] {
          CosineDecayRestarts({.initial_learning_rate = 0.1, .first_decay_steps = 9, .t_mul = 0.5});
        }) == "CosineDecayRestarts: t_mul is 0.5; expected a finite number >= 1.");
  CHECK(message_of<InvalidArgument>([] { CosineDecayRestarts({.initial_learning_rate = 0.1}); }) ==
        "CosineDecayRestarts: first_decay_steps is missing; expected a number. Give one, such as .first_decay_steps = "
        "1000.");
}
