#include "xeras/callbacks/learning_rate_scheduler.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using callbacks::LearningRateScheduler;

namespace {

Sequential model_of(OptimizerArgument optimizer) {
  Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
  model.compile(std::move(optimizer), "mse");
  return model;
}

double eighth(std::int64_t epoch) { return 0.125 * static_cast<double>(epoch); }

std::vector<double> rates(LearningRateScheduler scheduler) {
  Sequential model = model_of(optimizers::SGD(1.0));
  return model.fit({{1.0}}, {0.0}, {.epochs = 3, .verbose = 0, .callbacks = std::move(scheduler)})["learning_rate"];
}

}  // namespace

TEST_CASE("LearningRateScheduler sets the rate of each epoch, by a function of one or two arguments") {
  CHECK(rates(LearningRateScheduler([](std::int64_t, double rate) { return rate / 2; })) ==
        std::vector<double>{0.5, 0.25, 0.125});
  CHECK(rates(LearningRateScheduler(eighth)) == std::vector<double>{0.0, 0.125, 0.25});
  CHECK(rates(LearningRateScheduler(
            schedules::ExponentialDecay({.initial_learning_rate = 1.0, .decay_steps = 1, .decay_rate = 0.5}))) ==
        std::vector<double>{1.0, 0.5, 0.25});
}

TEST_CASE("LearningRateScheduler raises for a schedule, an empty function and a rate that is none") {
  const auto fit = [](OptimizerArgument optimizer, const LearningRateScheduler& scheduler) {
    Sequential model = model_of(std::move(optimizer));
    return message_of<InvalidArgument>([&] { model.fit({{1.0}}, {0.0}, {.verbose = 0, .callbacks = scheduler}); });
  };
  CHECK(fit(optimizers::SGD({.learning_rate = eighth}), LearningRateScheduler(eighth)) ==
        "LearningRateScheduler: the learning_rate of SGD is a schedule; expected a number. Compile with an optimizer "
        "whose learning_rate is a number, or leave the callback out.");
  CHECK(fit("sgd", LearningRateScheduler([](std::int64_t) { return std::nan(""); })) ==
        "LearningRateScheduler: the schedule returned nan for epoch 0; expected a finite number >= 0. Change the "
        "schedule.");
  const std::string empty =
      "LearningRateScheduler: schedule is empty; expected a function of the epoch and the learning rate. Give one.";
  const LearningRateScheduler::Schedule none;
  CHECK(message_of<InvalidArgument>([&] { LearningRateScheduler{none}; }) == empty);
  const std::function<double(std::int64_t)> none_of_epoch;
  CHECK(message_of<InvalidArgument>([&] { LearningRateScheduler{none_of_epoch}; }) == empty);
}
