#include "xeras/models/callbacks.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

// Writes down what fit calls.
class Recorder : public callbacks::Callback {
 public:
  void on_train_begin() override { log += "begin "; }
  void on_train_end() override { log += "end"; }
  void on_epoch_begin(std::int64_t epoch) override { log += "epoch" + std::to_string(epoch) + " "; }
  void on_epoch_end(std::int64_t, const Scores& logs) override {
    log += "/epoch ";
    losses.push_back(logs["loss"]);
  }
  void on_train_batch_begin(std::int64_t batch) override { log += "b" + std::to_string(batch) + " "; }
  void on_train_batch_end(std::int64_t, const Scores&) override {
    if (stop_after_batch) model().stop_training();
  }
  std::string log;
  std::vector<double> losses;
  bool stop_after_batch = false;
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

TEST_CASE("Callback is called in Keras's order") {
  Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  model.fit({{1.0}, {2.0}}, {0.0, 0.0}, {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = {recorder}});
  CHECK(recorder->log == "begin epoch0 b0 b1 /epoch epoch1 b0 b1 /epoch end");
  CHECK(recorder->losses.size() == 2);
}

TEST_CASE("Callback may stop training after a batch") {
  Sequential model = one_weight();
  const auto recorder = std::make_shared<Recorder>();
  recorder->stop_after_batch = true;
  model.fit({{1.0}, {2.0}}, {0.0, 0.0}, {.batch_size = 1, .epochs = 2, .verbose = 0, .callbacks = {recorder}});
  CHECK(recorder->log == "begin epoch0 b0 /epoch end");
}

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

TEST_CASE("EarlyStopping raises for a score that fit does not report, and for an unknown mode") {
  Sequential model = one_weight();
  CHECK(message_of<InvalidArgument>([&] {
          model.fit({{1.0}}, {0.0}, {.verbose = 0, .callbacks = {callbacks::EarlyStopping({.monitor = "val_loss"})}});
        }) == "score \"val_loss\" is unknown; expected one of the known names. Known: loss.");
  CHECK(message_of<InvalidArgument>([] { callbacks::EarlyStopping({.mode = "maximum"}); }) ==
        "EarlyStopping: mode \"maximum\" is unknown; expected one of the known names. Known: auto, max, min.");
}
