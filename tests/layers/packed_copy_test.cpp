#include "layers/packed_copy.hpp"

#include <thread>

#include "catch.hpp"
#include "support/gemm_engine.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

const xt::xarray<float> some_input = xt::ones<float>({2, 5, 4});

// Each layer that packs a weight for its predictions.
std::vector<Sequential> models() {
  std::vector<Sequential> all;
  all.push_back(Sequential{Dense(3, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{Conv1D(3, 2, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{Conv1D(3, 2, {.activation = "relu", .input_shape = Shape{5, 4}}), GlobalMaxPooling1D()});
  all.push_back(Sequential{SeparableConv1D(3, 2, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{SimpleRNN(3, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{LSTM(3, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{GRU(3, {.input_shape = Shape{5, 4}})});
  all.push_back(Sequential{Bidirectional(LSTM(3), {.input_shape = Shape{5, 4}})});
  return all;
}

std::vector<Tensor> scaled(std::vector<Tensor> weights, float factor) {
  for (Tensor& weight : weights) {
    for (float& w : weight) w = (w + 0.1f) * factor;
  }
  return weights;
}

// What a model with these weights predicts that never predicted before.
Tensor fresh_prediction(const Sequential& model, const std::vector<Tensor>& weights) {
  Sequential fresh = model.clone();
  fresh.set_weights(weights);
  return fresh.predict(some_input);
}

}  // namespace

TEST_CASE("PackedCopy is made once, and again when the value has changed") {
  Variable variable("w", Tensor(Tensor::shape_type{2}, 1.0f));
  PackedCopy copy;
  int packs = 0;
  const auto pack = [&](const float* value, float* to) {
    ++packs;
    to[0] = value[0] + value[1];
  };
  CHECK(*copy.of(variable, 1, pack) == 2.0f);
  CHECK(*copy.of(variable, 1, pack) == 2.0f);
  CHECK(packs == 1);
  variable.assign(Tensor{5.0f, 1.0f});
  CHECK(*copy.of(variable, 1, pack) == 6.0f);
  variable.to_write()[1] = 2.0f;
  CHECK(*copy.of(variable, 1, pack) == 7.0f);
  CHECK(*copy.of(variable, 1, pack) == 7.0f);
  CHECK(packs == 3);
}

TEST_CASE("Variable: no two values have the same version, but for one that was moved") {
  Variable one("w", Tensor(Tensor::shape_type{1}, 1.0f));
  const std::uint64_t version = one.version();
  Variable copy = one;
  CHECK(copy.version() != version);
  Variable moved = std::move(one);
  CHECK(moved.version() == version);
  moved = copy;
  CHECK(moved.version() != version);
  CHECK(moved.version() != copy.version());
}

TEST_CASE("Predictions follow every way in which weights change") {
  for (Sequential& model : models()) {
    INFO(model.layers()[0]->class_name());
    model.compile("sgd", "mse");
    const Tensor before = model.predict(some_input);
    CHECK((model.predict(some_input) == before));

    const std::vector<Tensor> set = scaled(model.get_weights(), 0.5f);
    model.set_weights(set);
    const Tensor after_set = model.predict(some_input);
    CHECK((after_set != before));
    CHECK((after_set == fresh_prediction(model, set)));

    Layer& layer = *model.layers()[0];
    layer.set_weights(scaled(layer.get_weights(), 2.0f));
    CHECK((model.predict(some_input) == fresh_prediction(model, model.get_weights())));

    Variable& variable = *model.layers()[0]->variables()[0];
    variable.assign(Tensor(0.25f * variable.value()));
    CHECK((model.predict(some_input) == fresh_prediction(model, model.get_weights())));

    const Tensor y = 0.5f + after_set;
    model.train_on_batch(some_input, y);
    CHECK((model.predict(some_input) == fresh_prediction(model, model.get_weights())));
    model.fit(some_input, y, {.epochs = 2, .verbose = 0, .validation_data = {some_input, y}});
    CHECK((model.predict(some_input) == fresh_prediction(model, model.get_weights())));

    model.compile(optimizers::SGD({.use_ema = true, .ema_momentum = 0.5}), "mse");
    model.fit(some_input, y, {.epochs = 1, .verbose = 0, .validation_data = {some_input, y}});
    CHECK((model.predict(some_input) == fresh_prediction(model, model.get_weights())));
  }
}

TEST_CASE("A prediction has the bits of a training pass, which packs for itself") {
  const xeras::testing::GemmEngine own("own");
  for (Sequential& model : models()) {
    INFO(model.layers()[0]->class_name());
    const Tensor predicted = model.predict(some_input);
    CHECK((model(some_input, true) == predicted));
  }
}

TEST_CASE("Many threads share the first prediction's packed weights") {
  for (Sequential& model : models()) {
    const Tensor expected = model.clone().predict(some_input);
    std::vector<Tensor> results(4);
    std::vector<std::thread> threads;
    for (Tensor& result : results) threads.emplace_back([&] { result = std::as_const(model).predict(some_input); });
    for (std::thread& thread : threads) thread.join();
    for (const Tensor& result : results) CHECK((result == expected));
  }
}
