// Objects that are null where the library takes one.
#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

template <class T>
std::string message_for_null() {
  return message_of<InvalidArgument>([] { static_cast<void>(Named<T>(std::shared_ptr<T>())); });
}

std::string null_of(const std::string& family) {
  return family + ": is a null pointer; expected an object or a name. Give one, or leave the argument out.";
}

}  // namespace

TEST_CASE("Named refuses a null pointer to an object, in every family") {
  CHECK(message_for_null<activations::Activation>() == null_of("Activation"));
  CHECK(message_for_null<initializers::Initializer>() == null_of("Initializer"));
  CHECK(message_for_null<regularizers::Regularizer>() == null_of("Regularizer"));
  CHECK(message_for_null<constraints::Constraint>() == null_of("Constraint"));
  CHECK(message_for_null<optimizers::Optimizer>() == null_of("Optimizer"));
  CHECK(message_for_null<losses::Loss>() == null_of("Loss"));
  CHECK(message_for_null<metrics::Metric>() == null_of("Metric"));
}

TEST_CASE("Named refuses a null name") {
  const char* const name = nullptr;
  CHECK(message_of<InvalidArgument>([&] { static_cast<void>(LossArgument(name)); }) == null_of("Loss"));
}

TEST_CASE("Named that holds nothing refuses to be called") {
  CHECK(message_of<InvalidArgument>([] { InitializerArgument()({2, 2}); }) == null_of("Initializer"));
  CHECK(message_of<InvalidArgument>([] { LossArgument(nullptr)({1.0}, {1.0}); }) == null_of("Loss"));
}

TEST_CASE("Sequential: compile refuses a null optimizer, loss and metric") {
  Sequential model{Dense(1, {.input_shape = {1}})};
  const std::string before = message_of<InvalidArgument>([&] { model.compile(nullptr, "mse"); });
  CHECK(before == "compile: optimizer is null; expected a name or an object. \"rmsprop\" is usual.");
  CHECK(message_of<InvalidArgument>([&] { model.compile(std::shared_ptr<optimizers::Adam>(), "mse"); }) ==
        null_of("Optimizer"));
  CHECK(message_of<InvalidArgument>([&] { model.compile("sgd", std::shared_ptr<losses::Loss>()); }) == null_of("Loss"));
  CHECK(message_of<InvalidArgument>([&] { model.compile("sgd", "mse", {MetricArgument()}); }) ==
        "compile: a metric is null; expected a name or an object. Try \"accuracy\".");
  CHECK(message_of<InvalidArgument>([&] {
          model.compile("sgd", "mse", {}, {.weighted_metrics = {MetricArgument()}});
        }) == "compile: a metric is null; expected a name or an object. Try \"accuracy\".");
}

TEST_CASE("Sequential: fit refuses a null callback, and trains without it") {
  Sequential model{Dense(1, {.input_shape = {1}})};
  model.compile("sgd", "mse");
  const std::shared_ptr<callbacks::Callback> none;
  CHECK(message_of<InvalidArgument>([&] {
          model.fit({{1.0}}, {1.0}, {.verbose = 0, .callbacks = {callbacks::Callback(), none}});
        }) == "fit: callbacks[1] is null; expected a callback. Leave it out, or give an object.");
  model.fit({{1.0}}, {1.0}, {.verbose = 0});
}

TEST_CASE("Sequential: evaluate and predict refuse a null callback") {
  Sequential model{Dense(1, {.input_shape = {1}})};
  model.compile("sgd", "mse");
  const std::shared_ptr<callbacks::Callback> none;
  CHECK(message_of<InvalidArgument>([&] { model.evaluate({{1.0}}, {1.0}, {.verbose = 0, .callbacks = none}); }) ==
        "evaluate: callbacks[0] is null; expected a callback. Leave it out, or give an object.");
  CHECK(message_of<InvalidArgument>([&] { model.predict({{1.0}}, {.callbacks = none}); }) ==
        "predict: callbacks[0] is null; expected a callback. Leave it out, or give an object.");
}

TEST_CASE("Callback has no model outside of fit, evaluate and predict") {
  const auto callback = std::make_shared<callbacks::Callback>();
  const std::string message =
      "Callback: model() outside of fit, evaluate and predict; expected a call from a hook such as on_epoch_end. Pass "
      "the callback to one of them.";
  CHECK(message_of<Error>([&] { callback->model(); }) == message);
  Sequential model{Dense(1, {.input_shape = {1}})};
  model.compile("sgd", "mse");
  model.fit({{1.0}}, {1.0}, {.verbose = 0, .callbacks = {callback}});
  CHECK(message_of<Error>([&] { callback->model(); }) == message);
  model.evaluate({{1.0}}, {1.0}, {.verbose = 0, .callbacks = callback});
  CHECK(message_of<Error>([&] { callback->model(); }) == message);
  model.predict({{1.0}}, {.callbacks = callback});
  CHECK(message_of<Error>([&] { callback->model(); }) == message);
}

TEST_CASE("Sequential: add refuses no layer, and one that was moved from with layers in it") {
  Sequential model{Dense(1, {.input_shape = {1}})};
  CHECK(message_of<InvalidArgument>([&] { model.add(AnyLayer()); }) ==
        "Sequential: add got no layer: it is null, or was moved from; expected one. Write add(Dense(8)).");
  Bidirectional wrapper(LSTM(2));
  const Bidirectional other = std::move(wrapper);
  CHECK(message_of<InvalidArgument>([&] { model.add(std::move(wrapper)); }) ==
        "Sequential: add got a Bidirectional that was moved from; expected one that holds a layer. Create a new one.");
  CHECK(model.layers().size() == 1);
  CHECK(model.predict({{1.0}}).size() == 1);
}

TEST_CASE("Layer that was moved from is not built and has no weights") {
  Dense layer(2);
  Sequential model;
  const Dense other = std::move(layer);
  CHECK(!layer.built());
  CHECK(layer.get_weights().empty());
  TimeDistributed wrapper(Dense(2));
  const TimeDistributed another = std::move(wrapper);
  wrapper.set_trainable(false);
  CHECK(wrapper.get_weights().empty());
  CHECK(message_of<ShapeError>([&] {
          layer.extents_after({2, 3});
        }) ==
        "Dense: the output shape is not known yet; expected a built layer. Give the first layer an input_shape, or "
        "call build.");
}

TEST_CASE("Bidirectional and TimeDistributed refuse no layer") {
  CHECK(message_of<InvalidArgument>([] { Bidirectional{AnyLayer()}; }) ==
        "Bidirectional: layer is missing; expected a SimpleRNN, LSTM or GRU. Write Bidirectional(LSTM(8)).");
  CHECK(
      message_of<InvalidArgument>([] { TimeDistributed{AnyLayer()}; }) ==
      "TimeDistributed: layer is missing; expected the layer to apply to each step. Write TimeDistributed(Dense(4)).");
}

TEST_CASE("Builder refuses a weight without an initializer") {
  Sequential model;
  CHECK(
      message_of<InvalidArgument>([&] { model.add(Dense(1, {.kernel_initializer = nullptr, .input_shape = {1}})); }) ==
      "layer 0 \"dense\" (Dense): the initializer of \"kernel\" is null; expected a name or an object. Leave the "
      "option out for its default; a layer that was moved from has none.");
}

TEST_CASE("Optimizer refuses a null parameter") {
  CHECK(message_of<InvalidArgument>([] { optimizers::SGD().apply({Tensor({1.0f})}, {nullptr}); }) ==
        "SGD: parameter 0 is null; expected a tensor of at most 8 axes.");
}
