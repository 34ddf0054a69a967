// The page that the library started from, fact by fact: what the Embedding page of the original documentation promises.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include "catch.hpp"
#include "support/arrays.hpp"
#include "support/messages.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("seed 1: Embedding takes the arguments of the page, with its defaults") {
  const EmbeddingOptions defaults;
  CHECK(defaults.embeddings_initializer->class_name() == "RandomUniform");
  CHECK_FALSE(defaults.embeddings_regularizer);
  CHECK_FALSE(defaults.activity_regularizer);
  CHECK_FALSE(defaults.embeddings_constraint);
  CHECK_FALSE(defaults.mask_zero);
  CHECK_FALSE(defaults.input_length.has_value());
  const Embedding all(20, 4,
                      {.embeddings_initializer = "uniform",
                       .embeddings_regularizer = regularizers::L2(1e-4),
                       .activity_regularizer = regularizers::L1(1e-5),
                       .embeddings_constraint = constraints::UnitNorm(),
                       .mask_zero = true,
                       .input_length = 10});
  CHECK(all.config().input_dim == 20);
  CHECK(all.config().output_dim == 4);
}

TEST_CASE("seed 2: Embedding turns indexes into dense vectors of fixed size") {
  Sequential model;
  auto& words = model.add(Embedding(21, 2));
  Tensor vectors = xt::zeros<float>({21, 2});
  xt::view(vectors, 4) = xt::xarray<float>{0.25f, 0.1f};
  xt::view(vectors, 20) = xt::xarray<float>{0.6f, -0.2f};
  words.set_weights({vectors});
  const Tensor y = model.predict({{4}, {20}});
  const xt::xtensor<float, 3> expected{{{0.25f, 0.1f}}, {{0.6f, -0.2f}}};
  CHECK((y == expected));
}

TEST_CASE("seed 3: Embedding can only be the first layer of a model") {
  Sequential model{Dense(4, {.input_shape = Shape{3}})};
  CHECK(message_of<ShapeError>([&] { model.add(Embedding(10, 2)); }) ==
        "layer 1 \"embedding\" (Embedding): input is floats; expected ids, from the model's input or from a layer that "
        "returns ids. Make it the first layer.");
  CHECK(model.layers().size() == 1);
}

TEST_CASE("seed 4: the page's example") {
  Sequential model;
  model.add(Embedding(1000, 64, {.input_length = 10}));
  CHECK(model.output_shape() == Shape({None, 10, 64}));
  CHECK(model.output_shape().to_string() == "(None, 10, 64)");
  xt::xarray<int> input_array = xt::random::randint<int>({32, 10}, 0, 1000);
  model.compile("rmsprop", "mse");
  xt::xarray<float> output_array = model.predict(input_array);
  REQUIRE(output_array.dimension() == 3);
  CHECK(output_array.shape(0) == 32);
  CHECK(output_array.shape(1) == 10);
  CHECK(output_array.shape(2) == 64);
  const Tensor table = model.get_weights()[0];
  CHECK((xt::view(output_array, 7, 3) == xt::view(table, input_array(7, 3))));
}

TEST_CASE("seed 5: input_dim is positive, output_dim may be 0") {
  CHECK(message_of<InvalidArgument>([] { Embedding(0, 4); }) ==
        "Embedding: input_dim is 0; expected a positive integer. Use the vocabulary size + 1 (id 0 is padding).");
  Sequential model{Embedding(5, 0)};
  const Tensor y = model.predict({{1, 2, 3}});
  CHECK(shape_of(y) == Shape({1, 3, 0}));
}

TEST_CASE("seed 6: initializer, regularizer and constraint act on the embeddings matrix") {
  Sequential model{Embedding(3, 2,
                             {.embeddings_initializer = initializers::Constant(2.0),
                              .embeddings_regularizer = regularizers::L2(0.5),
                              .embeddings_constraint = constraints::NonNeg()})};
  CHECK(all_are(model.get_weights()[0], 2.0f));
  model.compile("sgd", "mse");
  // The loss is mean((2 - 2)^2) plus 0.5 * 6 * 2^2.
  const Tensor y = 2.0f * xt::ones<float>({1, 2, 2});
  CHECK(model.test_on_batch({{0, 1}}, y)["loss"] == 12.0);
  model.compile(optimizers::SGD({.learning_rate = 10.0}), "mse");
  model.train_on_batch({{0, 1}}, y);
  CHECK(all_are(model.get_weights()[0], 0.0f));  // 2 - 10 * 2 * 0.5 * 2 would be -18
}

TEST_CASE("seed 7: mask_zero masks id 0, and every later layer must support masks") {
  Sequential model{Embedding(10, 4, {.mask_zero = true}), GlobalAveragePooling1D()};
  const Tensor padded = model.predict({{3, 5, 0, 0}}), plain = model.predict({{3, 5}});
  CHECK((padded == plain));
  Sequential refused{Embedding(10, 4, {.mask_zero = true, .input_length = 4, .name = "tokens"})};
  CHECK(
      message_of<MaskError>([&] { refused.add(Flatten()); }) ==
      "layer 1 \"flatten\" (Flatten): input carries a mask from Embedding \"tokens\" (mask_zero = true), which Flatten "
      "does not support; expected no mask.\n"
      "  Use a layer that takes masks (LSTM, GRU, GlobalAveragePooling1D), put StripMask() before it, or set "
      "mask_zero = false.");
}

TEST_CASE("seed 8: Flatten then Dense needs input_length") {
  Sequential model{Embedding(10, 4), Flatten()};
  CHECK(model.output_shape() == Shape({None, None}));
  CHECK(
      message_of<ShapeError>([&] { model.add(Dense(1)); }) ==
      "layer 2 \"dense\" (Dense): input is (None, None); expected a known last axis. Give the Embedding input_length, "
      "so that Flatten's size is known.");
  Sequential with_length{Embedding(10, 4, {.input_length = 5}), Flatten(), Dense(1)};
  CHECK(with_length.output_shape() == Shape({None, 1}));
  CHECK(with_length.count_params() == 40 + 21);
}

TEST_CASE("seed 9: input is (batch, time), output (batch, time, output_dim)") {
  Sequential model{Embedding(10, 4)};
  CHECK(model.input_shape() == Shape({None, None}));
  CHECK(model.output_shape() == Shape({None, None, 4}));
  CHECK(shape_of(model.predict({{1, 2, 3}, {4, 5, 6}})) == Shape({2, 3, 4}));
}

TEST_CASE("seed 10: whole-word dropout drops every occurrence of a word together") {
  set_random_seed(3);
  Sequential model{Embedding(50, 3, {.embeddings_initializer = "ones", .dropout = 0.5})};
  xt::xarray<int> ids = xt::ones<int>({1, 100});
  for (int t = 0; t < 100; ++t) ids(0, t) = t % 50;
  const Tensor y = model(ids, true);
  int dropped = 0;
  for (int t = 0; t < 50; ++t) {
    for (int d = 0; d < 3; ++d) {
      CHECK(y(0, t, d) == y(0, t + 50, d));
      CHECK((y(0, t, d) == 0.0f || y(0, t, d) == 2.0f));
    }
    dropped += y(0, t, 0) == 0.0f;
  }
  CHECK(dropped > 10);
  CHECK(dropped < 40);
  CHECK(all_are(model.predict(ids), 1.0f));  // off when not training
}
