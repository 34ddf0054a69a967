#include "xeras/schedules/cosine_decay.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using schedules::CosineDecay;

TEST_CASE("CosineDecay falls like a cosine wave, after a warmup if there is one") {
  const CosineDecay rate({.initial_learning_rate = 1.0, .decay_steps = 4, .alpha = 0.5});
  CHECK(rate(0) == 1.0);
  CHECK_THAT(rate(2), WithinAbs(0.75, 1e-7));
  CHECK(rate(4) == 0.5);
  CHECK(rate(100) == 0.5);
  const CosineDecay warm({.initial_learning_rate = 0.0, .decay_steps = 4, .warmup_target = 1.0, .warmup_steps = 2});
  CHECK(warm(0) == 0.0);
  CHECK(warm(1) == 0.5);
  CHECK(warm(2) == 1.0);
  CHECK_THAT(warm(4), WithinAbs(0.5, 1e-7));
  CHECK(warm(6) == 0.0);
  // As in Keras, warmup_steps have no effect without warmup_target.
  CHECK(CosineDecay({.initial_learning_rate = 1.0, .decay_steps = 4, .warmup_steps = 2})(0) == 1.0);
}

TEST_CASE("CosineDecay takes steps of any number type, and keeps integers") {
  const std::int64_t epochs = 3;
  const auto steps = [](schedules::Steps given) { return to_value(given); };
  CHECK(steps(epochs * 7) == Value(std::int64_t{21}));
  CHECK(steps(1.5f) == Value(1.5));
  CHECK(steps(2.0) == Value(2.0));
  CHECK(CosineDecay({.initial_learning_rate = 1.0, .decay_steps = epochs})(3) == 0.0);
}

TEST_CASE("CosineDecay refuses a warmup that is no number of steps or no rate") {
  CHECK(message_of<InvalidArgument>([] {
          CosineDecay({.initial_learning_rate = 0.1, .decay_steps = 1, .warmup_target = 0.2, .warmup_steps = -1});
        }) == "CosineDecay: warmup_steps is -1; expected a finite number >= 0.");
  CHECK(message_of<InvalidArgument>([] {
          CosineDecay({.initial_learning_rate = 0.1, .decay_steps = 1, .warmup_target = HUGE_VAL});
        }) == "CosineDecay: warmup_target is inf; expected a finite number.");
}
