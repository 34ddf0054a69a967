#include "xeras/callbacks/early_stopping.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

// Counts the trainings that begin.
class Counter : public callbacks::Callback {
 public:
  void on_train_begin() override { ++calls; }
  int calls = 0;
};

// A model whose loss a callback dictates: its one weight is set before each epoch.
class Dictate : public callbacks::Callback {
 public:
  explicit Dictate(std::vector<float> weights) : weights_(std::move(weights)) {}
  void on_epoch_begin(std::int64_t epoch) override {
    model().set_weights({Tensor(Tensor::shape_type{1, 1}, weights_[static_cast<std::size_t>(epoch)])});
  }

 private:
  std::vector<float> weights_;
};

Sequential one_weight() {
  Sequential model{Dense(1, {.use_bias = false, .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  return model;
}

}  // namespace

TEST_CASE("EarlyStopping stops after patience epochs without improvement and restores the best weights") {
  Sequential model = one_weight();
  const auto stopping = std::make_shared<callbacks::EarlyStopping>(
      callbacks::EarlyStoppingOptions{.monitor = "loss", .patience = 2, .restore_best_weights = true});
  const History history = model.fit(
      {{1.0}}, {0.0}, {.epochs = 9, .verbose = 0, .callbacks = {Dictate({5, 3, 4, 6, 2, 1, 1, 1, 1}), stopping}});
  CHECK(history["loss"] == std::vector<double>{25, 9, 16, 36});
  CHECK(stopping->stopped_epoch() == 3);
  CHECK(stopping->best_epoch() == 1);
  CHECK(stopping->best() == 9.0);
  CHECK(model.get_weights()[0](0) == 3.0f);
}

TEST_CASE("EarlyStopping: min_delta, baseline, start_from_epoch and mode") {
  const auto epochs = [](callbacks::EarlyStoppingOptions options, std::vector<float> weights) {
    Sequential model = one_weight();
    options.monitor = "loss";
    const auto count = static_cast<std::int64_t>(weights.size());
    return model
        .fit({{1.0}}, {0.0},
             {.epochs = count,
              .verbose = 0,
              .callbacks = {Dictate(std::move(weights)), callbacks::EarlyStopping(options)}})["loss"]
        .size();
  };
  CHECK(epochs({.min_delta = 10.0}, {5, 4, 3, 2}) == 2);               // 25 -> 16 is less than 10
  CHECK(epochs({.patience = 2, .baseline = 1.0}, {5, 4, 4, 4}) == 3);  // better, but never below the baseline
  CHECK(epochs({.start_from_epoch = 3}, {1, 2, 3, 4, 5, 6}) == 5);
  CHECK(epochs({.mode = "max"}, {1, 2, 3, 2, 9}) == 4);
}

TEST_CASE("EarlyStopping does not count epochs without its score, where validation comes later") {
  Sequential model = one_weight();
  const auto stopping = std::make_shared<callbacks::EarlyStopping>(
      callbacks::EarlyStoppingOptions{.patience = 2, .restore_best_weights = true});
  // Validation after every second epoch sees the weights 3, 4, 5: 9 is the best, and two are no better.
  const History history = model.fit({{1.0}}, {0.0},
                                    {.epochs = 9,
                                     .verbose = 0,
                                     .callbacks = {Dictate({1, 3, 1, 4, 1, 5, 1, 1, 1}), stopping},
                                     .validation_data = {{{1.0}}, {0.0}},
                                     .validation_freq = 2});
  CHECK(history["val_loss"] == std::vector<double>{9, 16, 25});
  CHECK(stopping->stopped_epoch() == 5);
  CHECK(stopping->best_epoch() == 1);
  CHECK(model.get_weights()[0](0) == 3.0f);
}

TEST_CASE("EarlyStopping raises before the first epoch for a score that never comes, and for an unknown mode") {
  Sequential model = one_weight();
  const auto counter = std::make_shared<Counter>();
  const auto fit = [&](std::string monitor, FitOptions options) {
    return message_of<InvalidArgument>([&] {
      options.verbose = 0;
      options.callbacks = {counter, callbacks::EarlyStopping({.monitor = std::move(monitor)})};
      model.fit({{1.0}}, {0.0}, std::move(options));
    });
  };
  const std::string never =
      "EarlyStopping: monitor is \"val_loss\", but this fit never validates; expected a score that it reports: loss. "
      "Give fit validation_data or validation_split, and at least validation_freq epochs, or monitor \"loss\".";
  CHECK(fit("val_loss", {}) == never);
  CHECK(fit("val_loss", {.epochs = 2, .validation_data = {{{1.0}}, {0.0}}, .validation_freq = 3}) == never);
  CHECK(fit("val_loss", {.epochs = 5, .validation_data = {{{1.0}}, {0.0}}, .initial_epoch = 3, .validation_freq = 3}) ==
        never);
  CHECK(fit("val_los", {.validation_data = {{{1.0}}, {0.0}}}) ==
        "EarlyStopping: monitor \"val_los\" is unknown; did you mean \"val_loss\"? Known: loss, val_loss.");
  CHECK(counter->calls == 0);
  CHECK(fit("val_loss", {.epochs = 0}) == "nothing was thrown");
  CHECK(message_of<InvalidArgument>([] { callbacks::EarlyStopping({.mode = "maximum"}); }) ==
        "EarlyStopping: mode \"maximum\" is unknown; expected one of the known names. Known: auto, max, min.");
}
