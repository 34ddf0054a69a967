// The public API as documented, statement by statement: what must go on compiling for the programs that use it.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cmath>
#include <sstream>

#include "catch.hpp"
#include "support/arrays.hpp"

using namespace xeras;
using namespace xeras::layers;

TEST_CASE("api: the parts work by themselves") {
  const xt::xarray<float> y_true{{0, 1}, {0, 0}}, y_pred{{1, 1}, {1, 0}};
  CHECK(losses::MeanSquaredError()(y_true, y_pred) == 0.5);
  CHECK(losses::get("mae")(y_true, y_pred) == 0.5);
  CHECK(losses::MeanSquaredError()({{0.0}, {1.0}}, {{1.0}, {3.0}}, {1.0, 0.0}) == 0.5);
  metrics::BinaryAccuracy accuracy({.threshold = 0.5});
  accuracy.update_state({1, 1, 0, 0}, {0.98, 1.0, 0.0, 0.6});
  CHECK(accuracy.result() == 0.75);
  accuracy.reset_state();
  CHECK(accuracy.result() == 0.0);
  const xt::xarray<float> w = initializers::GlorotUniform({.seed = 1})({64, 128});
  CHECK(w.shape(1) == 128);
  CHECK(initializers::get("orthogonal")({64, 64}).size() == 64 * 64);
  CHECK(regularizers::L2(0.01)({{1.0, 2.0}}) == 0.05);
  const xt::xarray<float> v = constraints::MaxNorm({.max_value = 2.0, .axis = 1})(w);
  CHECK(v.shape(0) == 64);
  const xt::xarray<float> a = activations::get("gelu")(w);
  CHECK(a.shape(0) == 64);
  Tensor gradient = xt::ones<float>({2}), parameter = xt::ones<float>({2});
  optimizers::RMSprop rms({.learning_rate = 0.5});
  rms.apply({gradient}, {&parameter});
  CHECK(std::abs(parameter(0) - (1.0f - 0.5f / std::sqrt(0.1f))) < 1e-5f);
}

TEST_CASE("api: building") {
  Sequential model{Embedding(200, 8, {.mask_zero = true}), Dropout(0.2), GlobalAveragePooling1D(),
                   Dense(1, {.activation = "sigmoid", .name = "dense"})};
  CHECK(model.layers()[0]->name() == "embedding");
  Layer& dense = model.get_layer("dense");
  CHECK(&dense == &model.get_layer(3));
  CHECK(&model.get_layer(0) == &model.get_layer<Embedding>(0));
  CHECK(model.get_layer(std::string("dropout")).class_name() == "Dropout");
  std::ostringstream out;
  model.summary(out);
  Sequential floats{Dense(32, {.activation = "relu", .input_shape = Shape{16}})};
  CHECK(floats.output_shape() == Shape({None, 32}));
  Sequential later{Dense(4)};
  later.build({None, 16});
  Sequential nested{std::move(later), Dense(1)};
  CHECK(nested.output_shape() == Shape({None, 1}));
  Dense made(3);
  nested.add(std::move(made));
  const std::size_t vocabulary = 30, length = 7;
  Sequential counted{Embedding(vocabulary, 4, {.input_length = length})};
  CHECK(counted.output_shape() == Shape({None, 7, 4}));
}

TEST_CASE("api: training") {
  set_random_seed(1337);
  Sequential model{Embedding(50, 4, {.mask_zero = true}), GlobalAveragePooling1D(), Dense(1)};
  model.compile(optimizers::Adam({.learning_rate = 1e-3, .clipnorm = 1.0}),
                losses::BinaryCrossentropy({.from_logits = true}), {"accuracy", metrics::MeanAbsoluteError()});
  const xt::xarray<std::int64_t> x = xt::random::randint<std::int64_t>({40, 6}, 0, 50);
  const xt::xarray<float> y = xt::cast<float>(xt::random::randint<int>({40, 1}, 0, 2));
  const std::size_t epochs = 2;
  const History history = model.fit(x, y,
                                    {.batch_size = x.shape()[0],
                                     .epochs = epochs,
                                     .verbose = 0,
                                     .callbacks = {callbacks::EarlyStopping({.monitor = "val_loss", .patience = 2})},
                                     .validation_split = 0.1,
                                     .shuffle = true});
  const std::vector<double>& curve = history["loss"];
  CHECK(curve.size() == 2);
  CHECK(history["val_accuracy"].size() == 2);
  auto scores = model.evaluate(x, y, {.batch_size = 256, .verbose = 0});
  CHECK(scores["loss"] > 0.0);
  CHECK(scores["mean_absolute_error"] > 0.0);
  const double loss = model.train_on_batch(x, y)["loss"];
  CHECK(loss > 0.0);
  model.fit(x, y, {.verbose = 0, .validation_data = {x, y}});
  model.fit(x, y, {.verbose = 0, .validation_data = {x, y, xt::ones<float>({40})}});
  const xt::xarray<float> p = model.predict(x, {.batch_size = 256});
  CHECK(p.shape(0) == 40);
  const Sequential& fixed = model;
  CHECK((fixed(x) == model(x)));
  CHECK(shape_of(model(x, true)) == Shape({40, 1}));
}
