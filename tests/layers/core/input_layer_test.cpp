#include "xeras/layers/core/input_layer.hpp"

#include <sstream>

#include "catch.hpp"
#include "support/arrays.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("InputLayer says what goes into a Sequential, and is none of its layers") {
  Sequential model{InputLayer({4}, {.name = "numbers"}), Dense(3)};
  CHECK(model.input_shape() == Shape({None, 4}));
  CHECK(model.output_shape() == Shape({None, 3}));
  CHECK(model.layers().size() == 1);
  CHECK(model.get_layer(0).name() == "dense");
  CHECK(model.get_weights().size() == 2);
  CHECK(shape_of(std::as_const(model).predict({{1, 2, 3, 4}})) == Shape({1, 3}));
  std::ostringstream with, without;
  model.summary(with);
  Sequential other{Dense(3, {.input_shape = {4}})};
  other.summary(without);
  CHECK(with.str() == without.str());
}

TEST_CASE("InputLayer takes a batch, or the whole batch_shape, as stateful layers need") {
  Sequential model{InputLayer({3, 2}, {.batch_size = 5}), LSTM(4, {.stateful = true})};
  CHECK(model.input_shape() == Shape({5, 3, 2}));
  Sequential other{InputLayer({.batch_shape = {5, None, 2}}), LSTM(4, {.stateful = true})};
  CHECK(other.input_shape() == Shape({5, None, 2}));
  CHECK(shape_of(other.predict(xt::zeros<float>({5, 7, 2}))) == Shape({5, 4}));
}

TEST_CASE("InputLayer before an Embedding gives ids") {
  for (const char* dtype : {"", "float32", "int32"}) {
    Sequential model{InputLayer({3}, {.dtype = dtype}), Embedding(9, 2), Flatten(), Dense(1)};
    CHECK(model.input_shape() == Shape({None, 3}));
    CHECK(shape_of(model.predict({{1, 2, 8}})) == Shape({1, 1}));
  }
  Sequential open{InputLayer({None}), Embedding(9, 2, {.input_length = 4})};
  CHECK(open.input_shape() == Shape({None, 4}));
  CHECK(message_of<ShapeError>([] {
          Sequential{InputLayer({3}), Embedding(9, 2, {.input_length = 4})};
        }) ==
        "layer 0 \"embedding\" (Embedding): input is (None, 3) by InputLayer \"input_layer\"; expected (None, 4), the "
        "layer's own input shape. Correct one of them.");
  CHECK(message_of<ShapeError>([] {
          Sequential{InputLayer({3, 2}), Dense(1, {.input_shape = {2}})};
        }) ==
        "layer 0 \"dense\" (Dense): input is (None, 3, 2) by InputLayer \"input_layer\"; expected (None, 2), the "
        "layer's own input shape. Correct one of them.");
}

TEST_CASE("InputLayer stays when layers are popped, and goes along with clones and moves") {
  Sequential model{InputLayer({4}), Dense(3)};
  model.pop();
  CHECK_FALSE(model.built());
  model.add(Dense(2));
  CHECK(model.input_shape() == Shape({None, 4}));
  model.pop();
  Sequential copy = model.clone();
  Sequential moved = std::move(model);
  copy.add(Dense(2));
  moved.add(Dense(5));
  CHECK(copy.input_shape() == Shape({None, 4}));
  CHECK(moved.output_shape() == Shape({None, 5}));
  Sequential nested{std::move(copy), Dense(1)};
  CHECK(nested.input_shape() == Shape({None, 4}));
}

TEST_CASE("InputLayer is refused where it is not the first element") {
  Sequential model{Dense(3)};
  CHECK(message_of<InvalidArgument>([&] { model.add(InputLayer({4})); }) ==
        "Sequential: add got an InputLayer behind layer 0 \"dense\" (Dense); expected it as the first element. Put it "
        "before the layers.");
  Sequential second{InputLayer({4})};
  CHECK(message_of<InvalidArgument>([&] { second.add(InputLayer({4})); }) ==
        "Sequential: add got a second InputLayer; expected one. Leave one of them out.");
  CHECK(message_of<InvalidArgument>([&] { second.add(Dense(1, {.name = "input_layer"})); }) ==
        "Sequential: add got a second layer named \"input_layer\"; expected unique names. Give the layer another name, "
        "or none.");
  CHECK(
      message_of<ShapeError>([&] {
        Sequential{Dense(2, {.input_shape = {3, 2}}), TimeDistributed(InputLayer({2}))};
      }) ==
      "layer 1 \"time_distributed\" (TimeDistributed) > layer 0 \"input_layer\" (InputLayer): is an InputLayer within "
      "another layer; expected it as the first element of a Sequential. Leave it out.");
}

TEST_CASE("InputLayer checks its options") {
  const auto message = [](const auto& make) { return message_of<InvalidArgument>(make); };
  CHECK(message([] { InputLayer({4}, {.batch_size = 0}); }) ==
        "InputLayer: batch_size is 0; expected a positive integer. Leave it out for batches of any size.");
  CHECK(message([] { InputLayer({4}, {.dtype = "float64", .name = "x"}); }) ==
        "InputLayer \"x\": dtype is \"float64\"; expected \"float32\", \"int32\" or \"string\". Numbers of any width "
        "go into the first "
        "two.");
  CHECK(
      message([] {
        InputLayer({4}, {.batch_shape = {2, 4}});
      }) ==
      "InputLayer: shape is (4,) and batch_shape is (2, 4); expected one of them. batch_shape has the batch in front.");
  CHECK(message([] {
          InputLayer({.batch_size = 2, .batch_shape = {2, 4}});
        }) ==
        "InputLayer: batch_size is 2 and batch_shape is (2, 4); expected one of them. batch_shape has the batch in "
        "front.");
  CHECK(message([] { InputLayer({.name = "x"}); }) ==
        "InputLayer \"x\": neither shape nor batch_shape is given; expected one of them. Write InputLayer({4}) for "
        "samples of 4 numbers.");
  CHECK(InputLayer({4}, {.dtype = "int32", .name = "x"}).get_config().to_string() ==
        R"({"batch_shape": [null, 4], "dtype": "int32", "name": "x"})");
}
