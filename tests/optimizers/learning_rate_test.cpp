#include "xeras/optimizers/learning_rate.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using Catch::Matchers::WithinAbs;
using optimizers::LearningRate;
using schedules::InverseTimeDecay;

TEST_CASE("LearningRate is a number, or a schedule of any class") {
  class Halving final : public Configured<schedules::LearningRateSchedule, NoOptions> {
   public:
    double operator()(std::int64_t step) const override { return std::ldexp(1.0, -static_cast<int>(step)); }
  };
  CHECK(LearningRate(0.5)(7) == 0.5);
  CHECK(LearningRate(0.5).schedule() == nullptr);
  CHECK(LearningRate(Halving())(3) == 0.125);
  CHECK(LearningRate(Halving()).schedule() != nullptr);
}

TEST_CASE("SGD with InverseTimeDecay takes smaller steps each time, and its rate cannot be set") {
  optimizers::SGD sgd({.learning_rate = InverseTimeDecay({.initial_learning_rate = 1.0, .decay_rate = 1.0})});
  Tensor w{0.0f};
  for (int step = 0; step < 3; ++step) sgd.apply({Tensor{1.0f}}, {&w});
  CHECK_THAT(w(0), WithinAbs(-(1.0 + 1.0 / 2.0 + 1.0 / 3.0), 1e-6));
  CHECK(sgd.learning_rate() == 0.25);
  CHECK(message_of<InvalidArgument>([&] { sgd.set_learning_rate(0.1); }) ==
        "SGD: set_learning_rate, but learning_rate is a schedule; expected a number. Compile with "
        "an optimizer whose learning_rate is a number.");
}

TEST_CASE("A learning rate that is a schedule comes back from its configuration") {
  const optimizers::Adam adam(
      {.learning_rate = InverseTimeDecay({.initial_learning_rate = 0.1, .decay_steps = 3.0, .decay_rate = 0.2})});
  const Value config = to_value(OptimizerArgument(adam));
  OptimizerArgument again;
  from_value(config, again, "test");
  CHECK(to_value(again) == config);
}
