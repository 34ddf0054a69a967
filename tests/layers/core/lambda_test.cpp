#include "xeras/layers/core/lambda.hpp"

#include <sstream>
#include <thread>

#include "catch.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;

namespace {

Lambda square(LambdaOptions options = {}) {
  options.gradient = [](const Tensor& x, const Tensor&, const Tensor& dy) { return Tensor(2.0f * x * dy); };
  return Lambda([](const Tensor& x) { return Tensor(x * x); }, std::move(options));
}

}  // namespace

TEST_CASE("Lambda computes a function and its gradient") {
  Lambda layer = square();
  LayerProbe probe(layer, {2, 2});
  CHECK(probe.forward({1, -2, 3, 0}) == std::vector<float>{1, 4, 9, 0});
  CHECK(probe.backward({1, -2, 3, 0}, {1, 1, 2, 5}).input == std::vector<float>{2, -4, 12, 0});
}

TEST_CASE("Lambda takes a function that returns an expression") {
  Lambda layer([](const Tensor& x) { return x * 2.0f; });
  LayerProbe probe(layer, {1, 2});
  CHECK(probe.forward({1, 2}) == std::vector<float>{2, 4});
}

TEST_CASE("Lambda hands its gradient the output as well") {
  Lambda layer([](const Tensor& x) { return Tensor(xt::exp(x)); },
               {.gradient = [](const Tensor&, const Tensor& y, const Tensor& dy) { return Tensor(y * dy); }});
  LayerProbe probe(layer, {1, 1});
  const float y = probe.forward({1})[0];
  CHECK(probe.backward({1}, {2}).input == std::vector<float>{2 * y});
}

TEST_CASE("Lambda changes the shape as output_shape says") {
  const auto sum = [](const Tensor& x) { return Tensor(xt::sum(x, {1})); };
  Sequential by_shape{Embedding(9, 3), Lambda(sum, {.output_shape = Shape{3}})};
  CHECK(by_shape.output_shape() == Shape({None, 3}));
  CHECK(by_shape.predict({{1, 2}, {3, 4}}).shape()[1] == 3);

  Sequential by_function{Embedding(9, 3),
                         Lambda(sum, {.output_shape =
                                          [](const Shape& in) {
                                            return Shape{in[0], in.last()};
                                          }}),
                         Dense(2)};
  CHECK(by_function.output_shape() == Shape({None, 2}));
  CHECK(by_function.predict({{1, 2}}).size() == 2);
}

TEST_CASE("Lambda may change the length of an axis that is not known") {
  const auto half = [](const Shape& in) {
    return Shape{in[0], in[1].known() ? Dim(in[1].size() / 2) : Dim(None), in[2]};
  };
  Sequential model{
      Embedding(9, 3),
      Lambda([](const Tensor& x) { return Tensor(xt::view(x, xt::all(), xt::range(0, x.shape()[1] / 2), xt::all())); },
             {.output_shape = half})};
  CHECK(model.output_shape() == Shape({None, None, 3}));
  CHECK(model.predict({{1, 2, 3, 4, 5, 6}}).shape()[1] == 3);
}

TEST_CASE("Lambda without a gradient predicts, and trains what comes after it") {
  Sequential model{Lambda([](const Tensor& x) { return Tensor(x * 2.0f); }, {.input_shape = Shape{2}}), Dense(1)};
  model.compile("sgd", "mse");
  const Tensor before = model.get_weights()[0];
  model.fit({{1.0f, 2.0f}}, {{3.0f}}, {.verbose = 0});
  CHECK((model.get_weights()[0] != before));
}

TEST_CASE("Lambda without a gradient says so where layers before it learn") {
  Sequential model{Dense(2, {.input_shape = Shape{2}}), Lambda([](const Tensor& x) { return Tensor(x * 2.0f); })};
  model.compile("sgd", "mse");
  CHECK(message_of<Error>([&] {
          model.fit({{1.0f, 2.0f}}, {{3.0f, 4.0f}}, {.verbose = 0});
        }) ==
        "Lambda \"lambda\": has no gradient; expected one, since layers before it are trained. Set .gradient = "
        "[](const Tensor& x, const Tensor& y, const Tensor& dy) { ... }, or freeze those layers.");
}

TEST_CASE("Lambda with a gradient lets the layers before it learn") {
  Sequential model{Dense(1, {.use_bias = false, .input_shape = Shape{1}}), square()};
  model.set_weights({xt::xtensor<float, 2>{{3}}});
  model.compile(optimizers::SGD({.learning_rate = 0.25}), "mse");
  model.train_on_batch({{1.0f}}, {{8.0f}});
  CHECK(model.get_weights()[0](0, 0) == 0.0f);  // 3 - 0.25 * 2 (9 - 8) * 2 * 3
}

TEST_CASE("Lambda does not support masks unless it is told what becomes of them") {
  Sequential model{Embedding(9, 3, {.mask_zero = true})};
  CHECK_THROWS_AS(model.add(square()), MaskError);
  model.add(square({.mask = [](const Tensor&, const Tensor& mask) { return mask; }}));
  model.add(GlobalMaxPooling1D());
  CHECK((model.predict({{1, 2, 0}}) == model.predict({{1, 2}})));
}

TEST_CASE("Lambda makes a mask of its own, from its input and the mask") {
  Lambda layer = square({.mask = [](const Tensor& x, const Tensor& mask) {
    return Tensor(mask * xt::cast<float>(xt::view(x, xt::all(), xt::all(), 0) > 0.0f));
  }});
  LayerProbe probe(layer, {1, 3, 1}, true);
  CHECK(probe.node().output.masked);
  probe.forward({1, -1, 1}, {1, 1, 0});
  CHECK(probe.output_mask() == std::vector<std::uint8_t>{1, 0, 0});
  probe.forward({1, -1, 1});
  CHECK(probe.output_mask() == std::vector<std::uint8_t>{1, 0, 1});
}

TEST_CASE("Lambda is copied, summarized and called from many threads") {
  Sequential model{square({.input_shape = Shape{2}}), Dense(1)};
  const Sequential copy = model.clone();
  const Tensor expected = model.predict({{1.0f, 2.0f}});
  CHECK((copy.predict({{1.0f, 2.0f}}) == expected));
  std::ostringstream out;
  model.summary(out);
  CHECK(out.str().find("lambda (Lambda)") != std::string::npos);
  std::vector<Tensor> results(8);
  std::vector<std::thread> threads;
  for (Tensor& result : results) threads.emplace_back([&] { result = model.predict({{1.0f, 2.0f}}); });
  for (std::thread& thread : threads) thread.join();
  for (const Tensor& result : results) CHECK((result == expected));
}

TEST_CASE("Lambda cannot be saved") {
  CHECK(message_of<Error>([] { square({.name = "f"}).get_config(); }) ==
        "Lambda \"f\": a function has no configuration; expected a layer that can be saved. Derive a layer from "
        "LayerWith<Config> that does the same, or remove the Lambda.");
  CHECK_THROWS_AS(Sequential{square()}.get_config(), Error);
}

TEST_CASE("Lambda refuses results of other shapes than were said") {
  CHECK(message_of<InvalidArgument>([] { Lambda(nullptr); }) ==
        "Lambda: the function is empty; expected a function. Write Lambda([](const Tensor& x) { return Tensor(x * "
        "2.f); }).");
  Lambda source = square({});
  const Lambda other = std::move(source);
  CHECK(message_of<InvalidArgument>([&] {
          Sequential{Dense(1, {.input_shape = Shape{2}}), std::move(source)};
        }) ==
        "layer 1 \"lambda\" (Lambda): the layer was moved from; expected one with a function. Create a new layer.");
  const auto sum = [](const Tensor& x) { return Tensor(xt::sum(x, {1})); };
  Sequential model{Lambda(sum, {.input_shape = Shape{2}})};
  CHECK(message_of<ShapeError>([&] {
          model.predict({{1.0f, 2.0f}});
        }) ==
        "Lambda \"lambda\": the function's result has shape (1,); expected (1, 2). Set output_shape to the shape of "
        "the result.");
  CHECK(message_of<ShapeError>([&] {
          Sequential{Lambda(sum, {.output_shape = [](const Shape&) { return Shape{3}; }, .input_shape = Shape{2}})};
        }) ==
        "layer 0 \"lambda\" (Lambda): output_shape returns (3,) for input (None, 2); expected the same batch axis. "
        "Start the shape with the batch of the input.");

  const auto bad = [](const Tensor&, const Tensor&, const Tensor&) { return Tensor{1.0f}; };
  Sequential trained{Dense(2, {.input_shape = Shape{2}}), Lambda([](const Tensor& x) { return x; }, {.gradient = bad})};
  trained.compile("sgd", "mse");
  CHECK(message_of<ShapeError>([&] {
          trained.train_on_batch({{1.0f, 2.0f}}, {{1.0f, 2.0f}});
        }) ==
        "Lambda \"lambda\": the gradient has shape (1,); expected (1, 2). The gradient of the input is as large as the "
        "input.");
  Sequential masked{
      Lambda([](const Tensor& x) { return x; },
             {.mask = [](const Tensor&, const Tensor&) { return Tensor{1.0f}; }, .input_shape = Shape{2, 1}})};
  CHECK(message_of<ShapeError>([&] {
          masked.predict({{{1.0f}, {2.0f}}});
        }) ==
        "Lambda \"lambda\": the mask has shape (1,); expected (1, 2). A mask has a number for each step of the "
        "output.");
}

TEST_CASE("Lambda is left alone by an empty batch") {
  Sequential model{square({.input_shape = Shape{2}})};
  CHECK(model.predict(xt::xarray<float>(std::vector<std::size_t>{0, 2})).size() == 0);
}
