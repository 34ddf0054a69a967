#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

// Options of training at the ends of their types.
using namespace xeras;
using namespace xeras::layers;

namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr double infinity = std::numeric_limits<double>::infinity();

Sequential compiled() {
  Sequential model{Dense(1, {.kernel_initializer = "ones", .input_shape = {2}})};
  model.compile("sgd", "mse");
  return model;
}

const xt::xarray<float> x = {{1, 2}, {3, 4}, {5, 6}};
const xt::xarray<float> y = {1, 0, 1};

}  // namespace

TEST_CASE("Sequential takes a batch_size of 2^63 - 1 for one batch") {
  Sequential model = compiled();
  CHECK(model.predict(x, {.batch_size = largest})(2, 0) == 11.0f);
  CHECK(model.evaluate(x, y, {.batch_size = largest, .verbose = 0})["loss"] ==
        model.evaluate(x, y, {.batch_size = 3, .verbose = 0})["loss"]);
  const History history = model.fit(
      x, y, {.batch_size = largest, .verbose = 0, .validation_data = {x, y}, .validation_batch_size = largest});
  CHECK(history.epoch().size() == 1);
}

TEST_CASE("Sequential::fit refuses epochs below 0") {
  Sequential model = compiled();
  CHECK(message_of<InvalidArgument>([&] { model.fit(x, y, {.epochs = -1, .verbose = 0}); }) ==
        "fit: epochs is -1; expected 0 or more. It is the number of the last epoch, counted from 1.");
  CHECK(message_of<InvalidArgument>([&] { model.fit(x, y, {.verbose = 0, .initial_epoch = -2}); }) ==
        "fit: initial_epoch is -2; expected 0 or more. It is the number of epochs already trained.");
}

TEST_CASE("Sequential::fit trains nothing from an initial_epoch that is past the end") {
  Sequential model = compiled();
  CHECK(model.fit(x, y, {.epochs = 3, .verbose = 0, .initial_epoch = largest}).epoch().empty());
}

TEST_CASE("Sequential refuses a class_weight that is not finite, and keeps its weights") {
  Sequential model = compiled();
  const auto message = [](const char* who, const char* weight) {
    return fmt::format("{}: class_weight of label 1 is {}; expected finite numbers. Use 0 to ignore a class.", who,
                       weight);
  };
  CHECK(message_of<InvalidArgument>([&] {
          model.fit(x, y, {.verbose = 0, .class_weight = {{0, 1.0}, {1, std::nan("")}}});
        }) == message("fit", "nan"));
  CHECK(message_of<InvalidArgument>([&] {
          model.fit(x, y, {.verbose = 0, .class_weight = {{1, 1e300}}});
        }) == message("fit", "1e+300"));
  CHECK(message_of<InvalidArgument>([&] {
          model.train_on_batch(x, y, {.class_weight = {{1, -infinity}}});
        }) == message("train_on_batch", "-inf"));
  CHECK(message_of<InvalidArgument>([&] {
          model.test_on_batch(x, y, {.class_weight = {{1, infinity}}});
        }) == message("test_on_batch", "inf"));
  CHECK(model.get_weights()[0](0, 0) == 1.0f);
}

TEST_CASE("Sequential takes samples without features") {
  Sequential model{Dense(1, {.input_shape = {0}})};
  model.compile("sgd", "mse");
  const xt::xarray<float> none = xt::zeros<float>({3, 0});
  CHECK(model.fit(none, y, {.verbose = 0}).epoch().size() == 1);
  CHECK(model.predict(none).shape(0) == 3);
}

TEST_CASE("EarlyStopping refuses numbers that cannot be") {
  CHECK(message_of<InvalidArgument>([] { callbacks::EarlyStopping({.min_delta = std::nan("")}); }) ==
        "EarlyStopping: min_delta is nan; expected a finite number. 0 counts every improvement.");
  CHECK(message_of<InvalidArgument>([] { callbacks::EarlyStopping({.patience = -1}); }) ==
        "EarlyStopping: patience is -1; expected 0 or more, the number of epochs without improvement.");
  CHECK(message_of<InvalidArgument>([] { callbacks::EarlyStopping({.baseline = std::nan("")}); }) ==
        "EarlyStopping: baseline is nan; expected a score. Leave it out for none.");
}

TEST_CASE("EarlyStopping takes a patience of 2^63 - 1") {
  Sequential model = compiled();
  const History history = model.fit(
      x, y,
      {.epochs = 2, .verbose = 0, .callbacks = {callbacks::EarlyStopping({.monitor = "loss", .patience = largest})}});
  CHECK(history.epoch().size() == 2);
}
