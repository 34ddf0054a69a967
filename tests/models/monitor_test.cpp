#include "models/monitor.hpp"

#include "catch.hpp"
#include "support/directed_metric.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using callbacks::larger_is_better;
using namespace xeras::testing;

TEST_CASE("larger_is_better asks the metrics of the model in mode auto") {
  const Sequential model = one_weight(
      {"acc", "mse", metrics::AutomaticAccuracy(), metrics::BinaryAccuracy(), metrics::Accuracy({.name = "hits"}),
       Falling({.name = "falling_acc"}), Rising({.name = "rising"}), Undirected({.name = "auc"})},
      {.weighted_metrics = {"acc", "mae"}});
  const auto larger = [&](const char* monitor) { return larger_is_better("EarlyStopping", "auto", monitor, model); };
  for (const char* name : {"acc", "accuracy", "binary_accuracy", "hits", "rising", "weighted_acc", "val_acc",
                           "val_accuracy", "val_hits", "val_rising", "val_weighted_acc"}) {
    CAPTURE(name);
    CHECK(larger(name));
  }
  for (const char* name : {"loss", "val_loss", "mse", "val_mse", "mae", "val_mae", "falling_acc", "val_falling_acc"}) {
    CAPTURE(name);
    CHECK_FALSE(larger(name));
  }
  CHECK(message_of<InvalidArgument>([&] { larger("auc"); }) == no_direction("EarlyStopping", "auc"));
  CHECK(message_of<InvalidArgument>([&] { larger("val_auc"); }) == no_direction("EarlyStopping", "val_auc"));
  CHECK(larger_is_better("EarlyStopping", "max", "val_auc", model));
  CHECK(larger_is_better("EarlyStopping", "max", "loss", model));
  CHECK_FALSE(larger_is_better("EarlyStopping", "min", "acc", model));
}

TEST_CASE("EarlyStopping follows the direction of its metric, and raises before the first epoch where there is none") {
  const auto epochs = [](MetricArgument metric, const char* monitor, std::string mode = "auto") {
    Sequential model = one_weight({std::move(metric)});
    const auto stopping = std::make_shared<callbacks::EarlyStopping>(
        callbacks::EarlyStoppingOptions{.monitor = monitor, .mode = std::move(mode)});
    model.fit(
        {{1.0}}, {0.0},
        {.epochs = 3, .verbose = 0, .callbacks = {Predicts({2, 3, 1}), stopping}, .validation_data = {{{1.0}}, {0.0}}});
    return stopping->stopped_epoch();
  };
  for (const char* monitor : {"own", "val_own"}) {
    CHECK(epochs(Rising(), monitor) == 2);
    CHECK(epochs(Falling(), monitor) == 1);
    CHECK(epochs(Undirected(), monitor, "max") == 2);
    CHECK(message_of<InvalidArgument>([&] { epochs(Undirected(), monitor); }) ==
          no_direction("EarlyStopping", monitor));
  }
}
