#include "xeras/layers/core/sampled_softmax.hpp"

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "catch.hpp"
#include "layers/core/log_uniform_sampler.hpp"
#include "support/close.hpp"
#include "support/messages.hpp"
#include "support/threads.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;
using nlohmann::json;

namespace {

std::vector<float> numbers_in(const Tensor& array) { return {array.begin(), array.end()}; }

Tensor matrix(const json& numbers, std::size_t rows, std::size_t columns) {
  Tensor result = xt::zeros<float>({rows, columns});
  const auto values = numbers.get<std::vector<float>>();
  std::copy(values.begin(), values.end(), result.begin());
  return result;
}

// Classes 0 .. classes - 1 of texts of two words: the class is the second word.
struct Pairs {
  xt::xtensor<int, 2> x;
  xt::xtensor<int, 1> y;
};
Pairs pairs(std::size_t count, int classes) {
  Pairs result{xt::zeros<int>({count, std::size_t{2}}), xt::zeros<int>({count})};
  for (std::size_t i = 0; i < count; ++i) {
    const int c = static_cast<int>(i) % classes;
    result.x(i, 0) = (c * 7) % classes;
    result.x(i, 1) = c;
    result.y(i) = c;
  }
  return result;
}

Sequential model_of(SampledSoftmaxOptions options, std::int64_t units = 60) {
  set_random_seed(3);
  return Sequential{Embedding(units, 16, {.input_length = 2}), Flatten(), SampledSoftmax(units, std::move(options))};
}

}  // namespace

TEST_CASE("SampledSoftmax predicts the softmax over all classes") {
  Sequential model{SampledSoftmax(3, {.num_sampled = 1})};
  model.build({None, 2});
  CHECK(model.output_shape() == Shape{None, 3});
  const float log2 = std::log(2.0f);
  model.set_weights({xt::xarray<float>{{1, 0}, {0, 1}, {1, 1}}, xt::xarray<float>{0, 0, log2}});
  const Tensor p = model.predict({{0.0f, 0.0f}, {log2, 0.0f}});
  check_close(numbers_in(p), {0.25f, 0.25f, 0.5f, 2.0f / 7, 1.0f / 7, 4.0f / 7}, 1e-6);
}

TEST_CASE("SampledSoftmax has the losses and gradients of tf.nn.sampled_softmax_loss") {
  std::ifstream file("golden/sampled_softmax.json");
  const json golden = json::parse(file);
  for (const json& entry : golden.at("cases")) {
    INFO(entry.at("name"));
    const std::size_t rows = entry.at("rows"), features = entry.at("features"), classes = entry.at("classes");
    const std::int64_t seed = entry.at("seed"), draws = entry.at("draws");
    const auto sampled = entry.at("sampled").get<std::vector<std::int32_t>>();
    std::vector<std::int32_t> drawn(sampled.size()), set(LogUniformSampler::room(sampled.size()));
    CHECK(LogUniformSampler(static_cast<std::int64_t>(classes))
              .draw(RandomStream(static_cast<std::uint64_t>(seed), 1), drawn, set.data()) == draws);
    CHECK(drawn == sampled);

    // The gradient of the second Embedding's rows is that of the layer's input.
    Sequential model{
        Embedding(static_cast<std::int64_t>(rows), static_cast<std::int64_t>(features), {.input_length = 1}), Flatten(),
        SampledSoftmax(static_cast<std::int64_t>(classes),
                       {.num_sampled = static_cast<std::int64_t>(sampled.size()), .seed = seed})};
    model.build({None, 1});
    const Tensor x = matrix(entry.at("x"), rows, features), kernel = matrix(entry.at("kernel"), classes, features),
                 bias = xt::flatten(matrix(entry.at("bias"), classes, 1));
    model.set_weights({x, kernel, bias});
    model.compile(optimizers::SGD({.learning_rate = 1.0}), "sparse_categorical_crossentropy");
    xt::xtensor<int, 2> ids = xt::zeros<int>({rows, std::size_t{1}});
    for (std::size_t i = 0; i < rows; ++i) ids(i, 0) = static_cast<int>(i);
    xt::xtensor<int, 1> labels = xt::zeros<int>({rows});
    for (std::size_t i = 0; i < rows; ++i) labels(i) = entry.at("labels").at(i);
    const Scores scores = model.train_on_batch(ids, labels);
    double loss = 0.0;
    for (const json& value : entry.at("losses")) loss += value.get<double>();
    CHECK(std::abs(scores["loss"] - loss / static_cast<double>(rows)) < 2e-6);
    const std::vector<Tensor> after = model.get_weights();
    check_close(numbers_in(x - after[0]), entry.at("dx").get<std::vector<float>>(), 1e-6);
    check_close(numbers_in(kernel - after[1]), entry.at("dkernel").get<std::vector<float>>(), 1e-6);
    check_close(numbers_in(bias - after[2]), entry.at("dbias").get<std::vector<float>>(), 1e-6);
  }
}

TEST_CASE("SampledSoftmax learns what a softmax learns; metrics are exact in validation and NaN in training") {
  const Pairs data = pairs(600, 60);
  Sequential model = model_of({.num_sampled = 10, .seed = 1});
  model.compile(optimizers::Adam({.learning_rate = 0.02}), "sparse_categorical_crossentropy", {"accuracy"});
  const History history =
      model.fit(data.x, data.y, {.batch_size = 50, .epochs = 15, .verbose = 0, .validation_data = {data.x, data.y}});
  CHECK(std::isnan(history["accuracy"].back()));
  CHECK(history["val_accuracy"].back() == 1.0);
  CHECK(history["val_loss"].back() < 0.1);
  CHECK_THAT(model.evaluate(data.x, data.y, {.verbose = 0})["loss"],
             Catch::Matchers::WithinRel(history["val_loss"].back(), 1e-6));
}

TEST_CASE("SampledSoftmax leaves rows that are masked, weigh 0 or have the ignored class out") {
  const auto loss_of = [](const Input& y, const Input& weights) {
    set_random_seed(5);
    Sequential model{Embedding(9, 4, {.mask_zero = true}), SampledSoftmax(9, {.num_sampled = 3, .seed = 2})};
    model.build({None, 2});
    model.compile("sgd", losses::SparseCategoricalCrossentropy({.ignore_class = -1}));
    return model.train_on_batch({{1, 0}, {2, 3}}, y, {.sample_weight = weights})["loss"];
  };
  const double loss = loss_of({{4, 5}, {6, 7}}, {});
  CHECK(loss > 0.0);
  CHECK(loss_of({{4, 8}, {6, 7}}, {}) == loss);  // another label at a masked step
  CHECK(loss_of({{4, 5}, {-1, 7}}, {}) != loss);
  CHECK(loss_of({{4, 5}, {6, 7}}, {{1.0, 1.0}, {0.0, 0.0}}) < loss);
}

TEST_CASE("SampledSoftmax trains to the same bits with any number of threads") {
  const Pairs data = pairs(400, 60);
  const auto trained = [&](int threads) {
    const xeras::testing::Threads guard(threads);
    Sequential model = model_of({.num_sampled = 20});
    model.compile("adam", "sparse_categorical_crossentropy");
    model.fit(data.x, data.y, {.epochs = 2, .verbose = 0});
    return model;
  };
  Sequential one = trained(1), four = trained(4);
  CHECK((one.get_weights() == four.get_weights()));
}

TEST_CASE("SampledSoftmax refuses what it cannot train") {
  CHECK(message_of<InvalidArgument>([] { SampledSoftmax(1); }) ==
        "SampledSoftmax: units is 1; expected 2 to 2147483647, the number of classes.");
  CHECK(message_of<InvalidArgument>([] { SampledSoftmax(200); }) ==
        "SampledSoftmax: num_sampled is 256 and units is 200; expected 1 to 199. With few classes, use Dense(200, "
        "{.activation = \"softmax\"}).");
  const Pairs data = pairs(8, 8);
  Sequential model = model_of({.num_sampled = 2}, 8);
  model.compile("sgd", losses::SparseCategoricalCrossentropy({.from_logits = true}));
  CHECK(message_of<NotCompiled>([&] { model.fit(data.x, data.y); }) ==
        "fit: the loss is sparse_categorical_crossentropy of logits; expected \"sparse_categorical_crossentropy\", "
        "which SampledSoftmax \"sampled_softmax\" estimates in training. Compile the model with it.");
  model.compile("sgd", "mse");
  CHECK(message_of<NotCompiled>([&] {
          model.train_on_batch(data.x, data.y);
        }).starts_with("train_on_batch: the loss is mean_squared_error; expected"));
  Sequential middle = model_of({.num_sampled = 2}, 8);
  middle.add(Dense(8, {.activation = "softmax"}));
  middle.compile("sgd", "sparse_categorical_crossentropy");
  CHECK(message_of<Error>([&] { middle.fit(data.x, data.y); }) ==
        "SampledSoftmax \"sampled_softmax\": is in training and not the last layer of the model; expected it there, "
        "where it compares predictions with labels. Use Dense and an Activation(\"softmax\") elsewhere.");
}
