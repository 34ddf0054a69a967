#include "xeras/models/sequential.hpp"

#include "catch.hpp"
#include "support/arrays.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;

namespace {

Sequential small_model() {
  return Sequential{Embedding(20, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1)};
}

std::vector<std::string> names(const Sequential& model) {
  std::vector<std::string> all;
  for (const AnyLayer& layer : model.layers()) all.push_back(layer->name());
  return all;
}

}  // namespace

TEST_CASE("Sequential names its layers as Keras does, and refuses a name twice") {
  Sequential model{Embedding(5, 2), GlobalMaxPooling1D(), Dense(3), Dense(2), Dense(1, {.name = "out"})};
  CHECK(names(model) == std::vector<std::string>{"embedding", "global_max_pooling1d", "dense", "dense_1", "out"});
  CHECK(
      message_of<InvalidArgument>([&] { model.add(Dense(1, {.name = "out"})); }) ==
      "Sequential: add got a second layer named \"out\"; expected unique names. Give the layer another name, or none.");
  CHECK(model.layers().size() == 5);
}

TEST_CASE("Sequential finds layers by name, position and class") {
  Sequential model = small_model();
  CHECK(model.get_layer("dense").class_name() == "Dense");
  CHECK(model.get_layer(-1).name() == "dense");
  CHECK(model.get_layer<Embedding>(0).config().input_dim == 20);
  CHECK(message_of<InvalidArgument>([&] { model.get_layer("dens"); }) ==
        "Sequential: layer \"dens\" is unknown; did you mean \"dense\"? Known: dense, embedding, "
        "global_average_pooling1d.");
  CHECK(message_of<InvalidArgument>([&] { model.get_layer(3); }) ==
        "Sequential: get_layer(3); expected an index below 3. The model has 3 layers.");
  CHECK(message_of<InvalidArgument>([&] { model.get_layer<Dense>(0); }) ==
        "Sequential: layer \"embedding\" is of class Embedding; expected Dense. Ask for the class that it is.");
}

TEST_CASE("Sequential knows shapes and counts as layers are added and popped") {
  Sequential model = small_model();
  CHECK(model.input_shape() == Shape({None, None}));
  CHECK(model.output_shape() == Shape({None, 1}));
  CHECK(model.count_params() == 80 + 5);
  model.pop();
  CHECK(model.output_shape() == Shape({None, 4}));
  CHECK(model.count_params() == 80);
  model.add(Dense(3));
  CHECK(model.output_shape() == Shape({None, 3}));
  model.pop();
  model.pop();
  model.pop();
  CHECK(message_of<InvalidArgument>([&] { model.pop(); }) ==
        "Sequential: pop of an empty model; expected at least one layer. Call add first.");
}

TEST_CASE("Sequential gives names again that are free: after pop, in a clone, and after an add that failed") {
  Sequential model{Dense(2, {.input_shape = {2}}), Dense(2), Dense(2)};
  model.pop();
  CHECK_THROWS_AS(model.add(Embedding(2, 2)), ShapeError);
  CHECK(model.add(Dense(2)).name() == "dense_2");
  Sequential clone = model.clone();
  CHECK(clone.add(Dense(2)).name() == "dense_3");
  CHECK(message_of<InvalidArgument>([&] {
          clone.add(Dense(2, {.name = "dense_1"}));
        }).find("add got a second layer named \"dense_1\"") != std::string::npos);
  const Sequential moved = std::move(clone);
  CHECK(clone.add(Dense(2)).name() == "dense");
  CHECK(model.add(Dense(2)).name() == "dense_3");
}

TEST_CASE("Sequential runs only the layers that are added after the last one is popped") {
  Sequential model{Dense(2, {.kernel_initializer = "ones", .input_shape = {1}})};
  model.pop();
  model.add(Dense(1, {.kernel_initializer = initializers::Constant(3.0), .input_shape = {2}}));
  CHECK(model.predict({{1.0f, 2.0f}})(0, 0) == 9.0f);
  CHECK(model.count_params() == 3);
}

TEST_CASE("Sequential keeps the weights of the layers that stay when one is popped") {
  Sequential model = small_model();
  const Tensor table = model.get_weights()[0];
  model.pop();
  CHECK((model.get_weights()[0] == table));
}

TEST_CASE("Sequential waits for its shape where the first layer does not know it") {
  Sequential model{Dense(4), Dense(2)};
  CHECK_FALSE(model.built());
  CHECK(
      message_of<ShapeError>([&] { (void)model.output_shape(); }) ==
      "Sequential: the output shape is not known yet; expected a built layer. Give the first layer an input_shape, or "
      "call build.");
  CHECK(message_of<ShapeError>([&] { (void)model.count_params(); }) ==
        "Sequential: the number of weights is not known yet; expected a built layer. Give the first layer an "
        "input_shape, "
        "or call build.");
  CHECK(message_of<ShapeError>([&] {
          std::as_const(model).predict({{1.0f, 2.0f}});
        }) ==
        "Sequential: predict before the input shape is known; expected a built model. Give the first layer an "
        "input_shape, "
        "or call build or fit first.");
  model.build({None, 16});
  CHECK(model.output_shape() == Shape({None, 2}));
  model.build({None, 16});
  CHECK(message_of<ShapeError>([&] {
          model.build({None, 5});
        }) ==
        "Sequential: build got (None, 5); expected (None, 16), which the model was built with. Use clone, or a new "
        "model, "
        "for another shape.");
}

TEST_CASE("Sequential: build sets axes that add left open, and keeps the weights") {
  Sequential model{Embedding(20, 4), Dense(3)};
  const std::vector<Tensor> weights = model.get_weights();
  const Tensor before = model.predict({{1, 2, 3, 4, 5, 6, 7, 8, 9}});
  model.build({None, 9});
  CHECK(model.input_shape() == Shape({None, 9}));
  CHECK(model.output_shape() == Shape({None, 9, 3}));
  CHECK((model.get_weights() == weights));
  CHECK((model.predict({{1, 2, 3, 4, 5, 6, 7, 8, 9}}) == before));
  model.build({None, 9});
  CHECK(message_of<InvalidInput>([&] {
          model.predict({{1, 2}});
        }) == "predict: x has shape (1, 2); expected (None, 9). Pad or cut the sequences, or leave input_length out.");
  model.add(Flatten());
  model.add(Dense(1));
  CHECK(model.output_shape() == Shape({None, 1}));
  model.build({5, 9});
  CHECK(model.output_shape() == Shape({5, 1}));
}

TEST_CASE("Sequential: build with a shape that contradicts raises, and the model is as before") {
  const auto message = [](Sequential& model, const Shape& shape) {
    return message_of<ShapeError>([&] { model.build(shape); });
  };
  const std::string end = ", which the model was built with. Use clone, or a new model, for another shape.";
  Sequential model{Embedding(20, 4)};
  CHECK(message(model, {None, 9, 4}) == "Sequential: build got (None, 9, 4); expected (None, None)" + end);
  model.build({None, 9});
  CHECK(message(model, {None, 8}) == "Sequential: build got (None, 8); expected (None, 9)" + end);
  CHECK(message(model, {None, None}) == "Sequential: build got (None, None); expected (None, 9)" + end);
  Sequential windows{Embedding(20, 4), Conv1D(2, 5)};
  const std::vector<Tensor> weights = windows.get_weights();
  CHECK(message(windows, {None, 3}) ==
        "layer 1 \"conv1d\" (Conv1D): input is (None, 3, 4); expected 5 steps or more for kernel_size 5. Pad the "
        "sequences, make kernel_size smaller, or set padding = \"same\".");
  CHECK(windows.input_shape() == Shape({None, None}));
  CHECK((windows.get_weights() == weights));
  CHECK(shape_of(windows.predict({{1, 2, 3, 4, 5}})) == Shape({1, 1, 2}));
}

TEST_CASE("Sequential: training goes on after build has set an axis") {
  const Sequential start{Embedding(20, 4), GlobalAveragePooling1D(), Dense(1)};
  const auto trained = [&](bool narrow) {
    Sequential model = start.clone();
    model.compile("adam", "mse");
    model.train_on_batch({{1, 2, 3}, {4, 5, 6}}, {1, 0});
    if (narrow) model.build({None, 3});
    model.train_on_batch({{1, 2, 3}, {4, 7, 6}}, {1, 0});
    return model.get_weights();
  };
  CHECK((trained(true) == trained(false)));
}

TEST_CASE("Sequential is built by the first fit") {
  Sequential model{Dense(4), Dense(1)};
  model.compile("sgd", "mse");
  model.fit({{1.0, 2.0}, {3.0, 4.0}}, {1.0, 2.0}, {.verbose = 0});
  CHECK(model.input_shape() == Shape({None, 2}));
}

TEST_CASE("Sequential that fails to build can be built with another shape") {
  Sequential model{Dense(4), Reshape({2, 3})};
  CHECK_THROWS_AS(model.build({None, 3}), ShapeError);
  CHECK_FALSE(model.built());
  Sequential other{Dense(4), Reshape({2, 2})};
  CHECK_THROWS_AS(other.build({None, None}), ShapeError);
  other.build({None, 7});
  CHECK(other.output_shape() == Shape({None, 2, 2}));
}

TEST_CASE("Sequential of no layers says so") {
  Sequential model;
  CHECK(message_of<ShapeError>([&] {
          model.build({None, 3});
        }) == "Sequential: build of an empty model; expected at least one layer. Call add first.");
  CHECK(message_of<ShapeError>([&] { model.predict({{1}}); }) ==
        "Sequential: build of an empty model; expected at least one layer. Call add first.");
  CHECK(message_of<ShapeError>([&] { std::as_const(model).predict({{1}}); }) ==
        "Sequential: predict before the input shape is known; expected a built model. Give the first layer an "
        "input_shape, "
        "or call build or fit first.");
  Sequential outer{Embedding(5, 2)};
  CHECK(message_of<ShapeError>([&] { outer.add(Sequential()); }) ==
        "layer 1 \"sequential\" (Sequential): is an empty model; expected at least one layer. Call add first.");
}

TEST_CASE("Sequential checks the input_shape of a layer that does not come first") {
  Sequential model{Dense(4, {.input_shape = Shape{3}}), Dense(2, {.input_shape = Shape{4}})};
  CHECK(message_of<ShapeError>([&] { model.add(Dense(1, {.input_shape = Shape{5}})); }) ==
        "layer 2 \"dense_2\" (Dense): input_shape is (None, 5); expected (None, 2), the output of the layer before it. "
        "Only "
        "a first layer needs input_shape.");
}

TEST_CASE("Sequential nests, moves, clones, and a nested model keeps its weights") {
  Sequential tagger{Embedding(20, 4, {.mask_zero = true}), Dense(3)};
  const Tensor alone = tagger.predict({{1, 2, 0}});
  const std::vector<Tensor> weights = tagger.get_weights();
  Sequential nested{std::move(tagger), GlobalAveragePooling1D(), Dense(2)};
  CHECK(names(nested) == std::vector<std::string>{"sequential", "global_average_pooling1d", "dense"});
  CHECK((nested.get_weights()[0] == weights[0]));
  CHECK((nested.get_layer<Sequential>(0).predict({{1, 2, 0}}) == alone));
  CHECK(nested.count_params() == 80 + 15 + 8);
  const Tensor y = nested.predict({{1, 2, 0}});
  Sequential copy = nested.clone();
  CHECK((copy.predict({{1, 2, 0}}) == y));
  copy.set_weights(std::vector<Tensor>{xt::zeros<float>({20, 4}), xt::zeros<float>({4, 3}), xt::zeros<float>({3}),
                                       xt::zeros<float>({3, 2}), xt::ones<float>({2})});
  CHECK(all_are(copy.predict({{1, 2, 0}}), 1.0f));
  Sequential moved = std::move(nested);
  CHECK((moved.predict({{1, 2, 0}}) == y));
}

TEST_CASE("Sequential: the mask goes into and comes out of a nested model") {
  Sequential inner{Embedding(5, 2, {.mask_zero = true}), Dropout(0.5)};
  Sequential model{std::move(inner), GlobalAveragePooling1D()};
  CHECK((model.predict({{1, 2, 0}}) == model.predict({{1, 2}})));
}

TEST_CASE("Sequential: a nested model uses, ends and makes masks as the layers in it would") {
  const auto tokens = [] { return Embedding(9, 4, {.mask_zero = true}); };
  const xt::xarray<int> x{{3, 0, 5, 0}, {1, 2, 3, 4}, {0, 0, 0, 0}, {7, 8, 0, 0}};
  const auto check = [&](const Sequential& flat, Sequential nested) {
    nested.set_weights(flat.get_weights());
    CHECK((nested.predict(x) == flat.predict(x)));
  };
  const auto lstm = [] { return LSTM(3, {.return_sequences = true}); };
  check(Sequential{tokens(), LSTM(3), Dense(2)}, Sequential{tokens(), Sequential{LSTM(3), Dense(2)}});
  check(Sequential{tokens(), lstm(), GRU(2)}, Sequential{tokens(), Sequential{lstm()}, GRU(2)});
  check(Sequential{tokens(), Dense(3), GlobalAveragePooling1D(), Dense(2)},
        Sequential{tokens(), Sequential{Dense(3), GlobalAveragePooling1D()}, Dense(2)});
  check(Sequential{tokens(), GlobalMaxPooling1D()},
        Sequential{tokens(), Sequential{Sequential{Dropout(0.5)}, GlobalMaxPooling1D()}});
  check(Sequential{tokens(), StripMask(), Conv1D(2, 2)}, Sequential{tokens(), Sequential{StripMask(), Conv1D(2, 2)}});
  check(Sequential{tokens(), ReLU({.threshold = 0.04}), Masking(), GRU(2)},
        Sequential{tokens(), Sequential{ReLU({.threshold = 0.04}), Masking()}, GRU(2)});
  check(Sequential{tokens(), lstm(), GRU(2), Dense(1)},
        Sequential{tokens(), Sequential{Sequential{lstm(), Sequential{GRU(2)}}, Dense(1)}});
}

TEST_CASE("Sequential: the mask that a nested model ends counts in no loss, and that which it makes does") {
  Sequential ends{Embedding(9, 4, {.mask_zero = true}),
                  Sequential{StripMask(), Dense(1, {.kernel_initializer = "zeros"})}};
  ends.compile("sgd", "mse");
  CHECK(ends.evaluate({{3, 0, 0, 0}}, {{1, 2, 2, 2}}, {.verbose = 0})["loss"] == 3.25);  // (1 + 4 + 4 + 4) / 4
  Sequential makes{Dense(2, {.kernel_initializer = "ones", .input_shape = {4, 1}}),
                   Sequential{Masking(), Dense(1, {.kernel_initializer = "zeros"})}};
  makes.compile("sgd", "mse");
  const xt::xtensor<float, 3> x{{{3.0f}, {0.0f}, {0.0f}, {1.0f}}};
  CHECK(makes.evaluate(x, {{1, 2, 2, 2}}, {.verbose = 0})["loss"] == 2.5);  // (1 + 4) / 2
}

TEST_CASE("Sequential: a build that fails leaves the layers without shapes, those of nested models too") {
  Sequential inner{Dense(2)};
  Sequential model{Dense(3), std::move(inner), Flatten(), Dense(1)};
  CHECK_THROWS_AS(model.build({None, None, 3}), ShapeError);  // of the last layer
  CHECK_FALSE(model.get_layer(0).built());
  CHECK_FALSE(model.get_layer<Sequential>(1).get_layer(0).built());
  model.build({None, 4, 5});
  CHECK(model.count_params() == 18 + 8 + 9);
}

TEST_CASE("Sequential: what a nested model leaves open, the model around it may know") {
  Sequential inner{LSTM(2, {.return_sequences = true, .input_shape = {None, 3}})};
  const Sequential model{Dense(3, {.input_shape = {4, 2}}), std::move(inner), Flatten(), Dense(1)};
  CHECK(model.output_shape() == Shape({None, 1}));
  Sequential other{Dense(3, {.input_shape = {4, 2}})};
  CHECK(message_of<ShapeError>([&] {
          other.add(Sequential{LSTM(2, {.input_shape = {5, 3}})});
        }) ==
        "layer 1 \"sequential\" (Sequential): input_shape is (None, 5, 3); expected (None, 4, 3), the output of the "
        "layer before it. Only a first layer needs input_shape.");
}

TEST_CASE("Sequential: a mask into a layer without support raises, also through other layers and in a nested model") {
  const std::string advice =
      "expected no mask.\n"
      "  Use a layer that takes masks (LSTM, GRU, GlobalAveragePooling1D), put StripMask() before it, or set "
      "mask_zero = false.";
  Sequential through{Embedding(5, 2, {.mask_zero = true, .input_length = 4}), Dropout(0.1), Dense(3)};
  CHECK(message_of<MaskError>([&] { through.add(Flatten()); }) ==
        "layer 3 \"flatten\" (Flatten): input carries a mask from Embedding \"embedding\" (mask_zero = true), which "
        "Flatten "
        "does not support; " +
            advice);
  Sequential head{Flatten(), Dense(1)};
  CHECK(message_of<MaskError>([&] { through.add(std::move(head)); }) ==
        "layer 3 \"sequential\" (Sequential) > layer 0 \"flatten\" (Flatten): input carries a mask from Embedding "
        "\"embedding\" (mask_zero = true), which Flatten does not support; " +
            advice);
  CHECK(through.layers().size() == 3);
  CHECK(through.output_shape() == Shape({None, 4, 3}));
  Sequential inner{Embedding(5, 2, {.mask_zero = true, .input_length = 4, .name = "tokens"})};
  Sequential outer{std::move(inner)};
  CHECK(
      message_of<MaskError>([&] { outer.add(Reshape({8})); }) ==
      "layer 1 \"reshape\" (Reshape): input carries a mask from Embedding \"tokens\" (mask_zero = true), which Reshape "
      "does not support; " +
          advice);
}

TEST_CASE("Sequential sets and gets weights, all or nothing") {
  Sequential model = small_model();
  const std::vector<Tensor> before = model.get_weights();
  CHECK(message_of<InvalidArgument>([&] { model.set_weights({before[0]}); }) ==
        "Sequential: set_weights got 1 arrays; expected 3.");
  CHECK(message_of<InvalidArgument>([&] {
          model.set_weights({xt::zeros<float>({20, 4}), before[2], before[1]});
        }) == "Sequential: set_weights got an array of shape (1,) for \"kernel\"; expected (4, 1).");
  CHECK((model.get_weights()[0] == before[0]));
}
