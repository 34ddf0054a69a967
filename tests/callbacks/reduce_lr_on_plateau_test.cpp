// tests/io/callbacks_golden_test.cpp compares its decisions with Keras.
#include "xeras/callbacks/reduce_lr_on_plateau.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/directed_metric.hpp"
#include "support/messages.hpp"

using namespace xeras;
using callbacks::ReduceLROnPlateau;
using xeras::testing::Predicts;

TEST_CASE("ReduceLROnPlateau lowers the rate after patience epochs, not below min_lr, and logs it") {
  Sequential model = xeras::testing::one_weight({xeras::testing::Rising()});
  model.compile(optimizers::SGD(1.0), "mse", xeras::testing::Rising());
  const History history =
      model.fit({{1.0}}, {0.0},
                {.epochs = 7,
                 .verbose = 0,
                 .callbacks = {Predicts({1, 2, 2, 1, 1, 1, 1}),
                               ReduceLROnPlateau({.monitor = "own", .factor = 0.25, .patience = 2, .min_lr = 0.125})}});
  CHECK(history["learning_rate"] == std::vector<double>{1, 1, 1, 1, 0.25, 0.25, 0.125});
  CHECK(model.optimizer().learning_rate() == 0.125);
}

TEST_CASE("ReduceLROnPlateau raises before the first epoch for a schedule, a metric without direction and no score") {
  const auto message = [](OptimizerArgument optimizer, MetricArgument metric, const std::string& monitor) {
    Sequential model{layers::Dense(1, {.input_shape = Shape{1}})};
    model.compile(std::move(optimizer), "mse", std::move(metric));
    return message_of<InvalidArgument>(
        [&] { model.fit({{1.0}}, {0.0}, {.verbose = 0, .callbacks = ReduceLROnPlateau(monitor)}); });
  };
  CHECK(message(optimizers::SGD([](std::int64_t) { return 0.1; }), "mae", "loss") ==
        "ReduceLROnPlateau: the learning_rate of SGD is a schedule; expected a number. Compile with an optimizer whose "
        "learning_rate is a number, or leave the callback out.");
  CHECK(message("sgd", xeras::testing::Undirected(), "own") ==
        xeras::testing::no_direction("ReduceLROnPlateau", "own"));
  CHECK(
      message("sgd", "mae", "val_loss").starts_with("ReduceLROnPlateau: monitor is \"val_loss\", but this fit never"));
}

TEST_CASE("ReduceLROnPlateau says what its options cannot be") {
  const auto message = [](callbacks::ReduceLROnPlateauOptions options) {
    return message_of<InvalidArgument>([&] { ReduceLROnPlateau{options}; });
  };
  CHECK(message({.factor = 1.0}) ==
        "ReduceLROnPlateau: factor is 1; expected a number in [0, 1), by which the learning rate falls.");
  CHECK(message({.factor = std::nan("")}).starts_with("ReduceLROnPlateau: factor is nan; expected"));
  CHECK(message({.patience = -1}) ==
        "ReduceLROnPlateau: patience is -1; expected 0 or more, the number of epochs without improvement.");
  CHECK(message({.mode = "up"}).starts_with("ReduceLROnPlateau: mode \"up\" is unknown;"));
  CHECK(message({.min_delta = std::nan("")}) ==
        "ReduceLROnPlateau: min_delta is nan; expected a finite number; 0 counts every improvement.");
  CHECK(message({.cooldown = -2}) == "ReduceLROnPlateau: cooldown is -2; expected 0 or more, a number of epochs.");
  CHECK(message({.min_lr = -1.0}) == "ReduceLROnPlateau: min_lr is -1; expected a finite number >= 0.");
}
