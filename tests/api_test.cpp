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

namespace {

class Reviews final : public data::Dataset {
 public:
  std::int64_t num_batches() const override { return 4; }
  data::Batch get_batch(std::int64_t index) override {
    const xt::xarray<int> x = xt::ones<int>({2, 5}) * static_cast<int>(index);
    const std::vector<int> y{0, 1};
    if (index == 3) return {x, y, {1.0, 0.5}};
    return {x, y};
  }
  void on_epoch_end() override { ++epochs; }
  int epochs = 0;
};

}  // namespace

TEST_CASE("api: data that does not fit in memory") {
  Sequential model{Embedding(50, 4), GlobalAveragePooling1D(), Dense(1, {.activation = "sigmoid"})};
  model.compile("adam", "binary_crossentropy");
  Reviews dataset, held_out;
  model.fit(dataset,
            {.epochs = 3, .verbose = 0, .steps_per_epoch = 2, .validation_dataset = &held_out, .validation_steps = 1});
  CHECK(dataset.epochs == 3);
  model.fit(Reviews(), {.verbose = 0, .validation_dataset = held_out, .workers = 2});
  model.fit(std::make_shared<Reviews>(), {.verbose = 0, .validation_dataset = std::make_shared<Reviews>()});
  const xt::xarray<int> x{{1, 2, 3}};
  const std::vector<float> y{1};
  model.fit(data::from_generator([&]() -> std::optional<data::Batch> {
              return {{x, y}};
            }),
            {.verbose = 0, .steps_per_epoch = 5});
  CHECK(model.evaluate(dataset, {.verbose = 0})["loss"] > 0.0);
  CHECK(model.predict(dataset).shape()[0] == 8);
  const Sequential& fixed = model;
  CHECK(fixed.evaluate(dataset, {.verbose = 0, .steps = 1})["loss"] > 0.0);
  CHECK(fixed.predict(&dataset, {.steps = 1, .workers = 2}).shape()[0] == 2);
  CHECK_THROWS_AS(data::TextLines("none.tsv", {.batch_size = 64, .shuffle_buffer = 10000, .seed = 1}), FileError);
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
