#include "xeras/layers/regularization/activity_regularization.hpp"

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/close.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::check_layer;

TEST_CASE("ActivityRegularization keeps the layer contract") {
  check_layer(ActivityRegularization(), {.input = {2, 3, 4}, .output = {2, 3, 4}, .passes_mask = true});
  // Its penalty is no part of the output, whose differences check_layer takes.
  check_layer(ActivityRegularization({.l1 = 0.1, .l2 = 0.2}),
              {.input = {3, 4}, .output = {3, 4}, .differentiable = false});
}

TEST_CASE("ActivityRegularization adds its penalty, divided by the batch size, to the loss") {
  Sequential model{ActivityRegularization({.l1 = 0.5, .l2 = 0.25, .input_shape = Shape{2}})};
  model.compile("sgd", "mse");
  const xt::xarray<float> x{{1, -2}, {3, 0}};
  CHECK(model.evaluate(x, x, {.verbose = 0})["loss"] == 3.25);  // (0.5 * 6 + 0.25 * 14) / 2, as Keras 3.15
  CHECK((model.predict(x) == x));
}

TEST_CASE("ActivityRegularization pulls the layer before it") {
  constexpr double tolerance = 1e-6;
  Sequential model{Dense(1, {.use_bias = false, .input_shape = Shape{1}}),
                   ActivityRegularization({.l1 = 1.0, .l2 = 2.0})};
  model.set_weights({xt::xtensor<float, 2>{{3}}});
  model.compile(optimizers::SGD({.learning_rate = 1.0}), "mse");
  model.train_on_batch({{1.0f}, {1.0f}}, {{3.0f}, {3.0f}});
  // The gradient of each output is (1 + 2 * 2 * 3) / 2; two rows with x = 1.
  check_close({model.get_weights()[0](0, 0)}, {3.0f - 13.0f}, tolerance);
}

TEST_CASE("ActivityRegularization refuses factors that cannot be") {
  CHECK(message_of<InvalidArgument>([] { ActivityRegularization({.l1 = -1.0}); }) ==
        "ActivityRegularization: l1 is -1; expected a finite number >= 0.");
  CHECK(message_of<InvalidArgument>([] { ActivityRegularization({.l2 = -1.0}); }) ==
        "ActivityRegularization: l2 is -1; expected a finite number >= 0.");
}
