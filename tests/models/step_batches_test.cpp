// steps_per_epoch and steps with arrays.
#include "models/step_batches.hpp"

#include "catch.hpp"
#include "support/captured.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using testing::Captured;

namespace {

// y = x, which does not learn: the loss of a sample is its square.
Sequential identity() {
  Sequential model{Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = Shape{1}})};
  model.compile(optimizers::SGD({.learning_rate = 0.0}), "mse");
  return model;
}

const xt::xtensor<float, 2> x{{1}, {2}, {3}, {4}, {5}};
const xt::xtensor<float, 2> y{{0}, {0}, {0}, {0}, {0}};

std::vector<double> losses_of(FitOptions options) {
  Sequential model = identity();
  options.verbose = 0;
  options.shuffle = false;
  return model.fit(x, y, options)["loss"];
}

}  // namespace

TEST_CASE("steps_per_epoch continues with the next batch, and begins anew behind the last") {
  CHECK(losses_of({.batch_size = 1, .epochs = 2, .steps_per_epoch = 2}) == std::vector<double>{2.5, 12.5});
  CHECK(losses_of({.batch_size = 1, .epochs = 2, .steps_per_epoch = 5}) == std::vector<double>{11, 11});
}

TEST_CASE("steps_per_epoch that does not divide a pass gives a short epoch and a warning, as in Keras") {
  const Captured captured(std::cerr);
  CHECK(losses_of({.batch_size = 1, .epochs = 4, .steps_per_epoch = 2}) == std::vector<double>{2.5, 12.5, 25, 2.5});
  CHECK(captured.text() ==
        "fit: warning: the data ended after 1 of 2 steps; expected as many batches as steps_per_epoch asks for. Give "
        "more data, or fewer steps.\n");
}

TEST_CASE("Without a batch_size, steps divide the samples, as in Keras") {
  CHECK(losses_of({.epochs = 2, .steps_per_epoch = 2}) == std::vector<double>{11, 11});  // 3 + 2 samples
  Sequential model = identity();
  CHECK(model.evaluate(x, y, {.verbose = 0, .steps = 5})["loss"] == 11);
  CHECK(model.predict(x, {.steps = 3}).shape()[0] == 5);
  CHECK(losses_of({.epochs = 1}) == std::vector<double>{11});
}

TEST_CASE("steps_per_epoch with shuffle takes each sample once a pass") {
  set_random_seed(1);
  Sequential model = identity();
  const History history = model.fit(x, y, {.batch_size = 1, .epochs = 5, .verbose = 0, .steps_per_epoch = 1});
  double sum = 0;
  for (const double loss : history["loss"]) sum += loss;
  CHECK(sum == 55);
}

TEST_CASE("validation_steps and steps take the first batches, each time") {
  Sequential model = identity();
  const History history = model.fit(x, y,
                                    {.batch_size = 2,
                                     .epochs = 2,
                                     .verbose = 0,
                                     .validation_data = {x, y},
                                     .validation_steps = 1,
                                     .validation_batch_size = 1});
  CHECK(history["val_loss"] == std::vector<double>{1, 1});
  CHECK(model.fit(x, y, {.epochs = 1, .verbose = 0, .validation_data = {x, y}, .validation_steps = 5})["val_loss"] ==
        std::vector<double>{11});
  CHECK(model.evaluate(x, y, {.batch_size = 2, .verbose = 0, .steps = 2})["loss"] == 7.5);
  CHECK((model.predict(x, {.batch_size = 2, .steps = 2}) == xt::xtensor<float, 2>{{1}, {2}, {3}, {4}}));
  const Captured captured(std::cerr);
  CHECK(model.predict(x, {.batch_size = 2, .steps = 4}).shape()[0] == 5);
  CHECK(captured.text() ==
        "predict: warning: the data ended after 3 of 4 steps; expected as many batches as steps asks for. Give more "
        "data, or fewer steps.\n");
}

TEST_CASE("Numbers of steps are positive, and options of datasets do not come with arrays") {
  Sequential model = identity();
  const auto message = [&](FitOptions options) {
    return message_of<InvalidArgument>([&] { model.fit(x, y, options); });
  };
  CHECK(message({.steps_per_epoch = 0}) ==
        "fit: steps_per_epoch is 0; expected a positive integer. Leave it out to use all batches.");
  CHECK(message({.validation_data = {x, y}, .validation_steps = -1}) ==
        "fit: validation_steps is -1; expected a positive integer. Leave it out to use all batches.");
  CHECK(message({.validation_steps = 2}) ==
        "fit: validation_steps is 2 without validation; expected data to validate with. Leave it out.");
  CHECK(message({.workers = 2}) ==
        "fit: workers is 2 and max_queue_size is 10 with arrays; expected them with a dataset, whose batches threads "
        "make. Leave them out.");
  CHECK(message_of<InvalidArgument>([&] { model.evaluate(x, y, {.steps = 0}); }) ==
        "evaluate: steps is 0; expected a positive integer. Leave it out to use all batches.");
  CHECK(message_of<InvalidArgument>([&] { model.predict(x, {.steps = 0}); }) ==
        "predict: steps is 0; expected a positive integer. Leave it out to use all batches.");
}
