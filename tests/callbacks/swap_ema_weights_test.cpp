// tests/io/callbacks_golden_test.cpp compares trainings with Keras.
#include "xeras/callbacks/swap_ema_weights.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using callbacks::SwapEMAWeights;

namespace {

// A model that predicts its weight, which a step lowers by 0.5 * gradient = weight, to 0.
Sequential one_weight(OptimizerArgument optimizer) {
  Sequential model{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(std::move(optimizer), "mse");
  return model;
}

}  // namespace

TEST_CASE("SwapEMAWeights predicts and evaluates with the averages, and brings the weights back") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.25, .use_ema = true, .ema_momentum = 0.5}));
  const auto prediction = [&] { return model.predict({{1.0}}, {.callbacks = SwapEMAWeights()})(0); };
  CHECK(prediction() == 1.0f);  // there is no average before the first step
  model.train_on_batch({{1.0}}, {0.0});
  CHECK(prediction() == 0.5f);  // the first average is the weight
  model.train_on_batch({{1.0}}, {0.0});
  CHECK(prediction() == 0.375f);  // (0.5 + 0.25) / 2
  CHECK(model.evaluate({{1.0}}, {0.0}, {.verbose = 0, .callbacks = SwapEMAWeights()})["loss"] == 0.140625);
  CHECK(model.get_weights()[0](0) == 0.25f);
}

TEST_CASE("SwapEMAWeights with swap_on_epoch ends with the averages, also where training stops early") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.25, .use_ema = true, .ema_momentum = 0.5}));
  std::vector<float> seen;
  const callbacks::LambdaCallback look(
      {.on_epoch_begin = [&](std::int64_t) { seen.push_back(model.get_weights()[0](0)); },
       .on_epoch_end =
           [&](std::int64_t epoch, const Scores&) {
             seen.push_back(model.get_weights()[0](0));
             if (epoch == 1) model.stop_training();
           }});
  model.fit({{1.0}}, {0.0}, {.epochs = 9, .verbose = 0, .callbacks = {SwapEMAWeights({.swap_on_epoch = true}), look}});
  CHECK(seen == std::vector<float>{1.0f, 0.5f, 0.5f, 0.375f});
  CHECK(model.get_weights()[0](0) == 0.375f);
}

TEST_CASE("SwapEMAWeights brings the weights back when a call ends with an exception") {
  Sequential model = one_weight(optimizers::SGD({.learning_rate = 0.25, .use_ema = true, .ema_momentum = 0.5}));
  for (int step = 0; step < 2; ++step) model.train_on_batch({{1.0}}, {0.0});
  const callbacks::LambdaCallback fails(
      {.on_test_batch_end = [](std::int64_t, const Scores&) { throw Error("stop"); }});
  CHECK_THROWS_WITH(model.evaluate({{1.0}}, {0.0}, {.verbose = 0, .callbacks = {SwapEMAWeights(), fails}}), "stop");
  CHECK(model.get_weights()[0](0) == 0.25f);
}

TEST_CASE("SwapEMAWeights refuses an optimizer without averages") {
  Sequential model = one_weight("sgd");
  const std::string message =
      "SwapEMAWeights: SGD keeps no averages; expected use_ema = true. Compile with .use_ema = true, or leave the "
      "callback out.";
  CHECK(message_of<InvalidArgument>(
            [&] { model.fit({{1.0}}, {0.0}, {.verbose = 0, .callbacks = SwapEMAWeights()}); }) == message);
  CHECK(message_of<InvalidArgument>([&] { model.predict({{1.0}}, {.callbacks = SwapEMAWeights()}); }) == message);
}
