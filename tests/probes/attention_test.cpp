#include "probes/self_attention.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/check_layer.hpp"
#include "support/close.hpp"
#include "support/layer_probe.hpp"
#include "support/messages.hpp"
#include "support/random_floats.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using probe::SelfAttention;
using xeras::testing::check_layer;
using xeras::testing::LayerProbe;
using xeras::testing::random_floats;
using xeras::testing::TemporaryFolder;

namespace {

// Attention with one head, one feature and the weights 1, ln 2, 1, 1: step t has the shares 2^(x(t) x(s)).
std::vector<Tensor> powers_of_two() {
  const auto matrix = [](float number) { return Tensor(Tensor::shape_type{1, 1}, number); };
  return {matrix(1.0f), matrix(std::log(2.0f)), matrix(1.0f), matrix(1.0f), Tensor(Tensor::shape_type{1}, 0.0f)};
}

// Float sums of a few numbers.
constexpr double rounding = 1e-5;

// The formula of the layer, as plain sums in double for one sample.
std::vector<double> attention_of(const std::vector<float>& x, const std::vector<Tensor>& weights, std::size_t heads,
                                 const std::vector<std::uint8_t>& mask, bool causal) {
  const std::size_t features = weights[0].shape()[0], units = weights[0].shape()[1], dim = units / heads;
  const std::size_t time = mask.size();
  const auto projected = [&](std::size_t which, std::size_t t, std::size_t u) {
    double sum = 0.0;
    for (std::size_t f = 0; f < features; ++f) sum += double{x[t * features + f]} * weights[which](f, u);
    return sum;
  };
  std::vector<double> output(time * features);
  for (std::size_t t = 0; t < time; ++t) {
    for (std::size_t f = 0; f < features; ++f) output[t * features + f] = weights[4](f);
    for (std::size_t h = 0; h < heads; ++h) {
      std::vector<double> shares(time);
      double sum = 0.0;
      for (std::size_t s = 0; s < time; ++s) {
        if (mask[s] == 0 || (causal && s > t)) continue;
        double score = 0.0;
        for (std::size_t u = h * dim; u < (h + 1) * dim; ++u) score += projected(0, t, u) * projected(1, s, u);
        shares[s] = std::exp(score / std::sqrt(static_cast<double>(dim)));
        sum += shares[s];
      }
      for (std::size_t u = h * dim; u < (h + 1) * dim; ++u) {
        double context = 0.0;
        for (std::size_t s = 0; s < time && sum > 0.0; ++s) context += shares[s] / sum * projected(2, s, u);
        for (std::size_t f = 0; f < features; ++f) output[t * features + f] += context * weights[3](u, f);
      }
    }
  }
  return output;
}

Sequential classifier() {
  return Sequential{Embedding(12, 6, {.mask_zero = true}), SelfAttention(2, 4), GlobalAveragePooling1D(),
                    Dense(1, {.activation = "sigmoid"})};
}

// Texts of up to 7 words, and whether the first word is above 6.
xt::xarray<int> texts() {
  xt::xarray<int> x = xt::zeros<int>({24, 7});
  for (std::size_t b = 0; b < 24; ++b) {
    for (std::size_t t = 0; t < 3 + b % 5; ++t) x(b, t) = 1 + static_cast<int>((5 * b + 3 * t * t) % 11);
  }
  return x;
}
std::vector<int> labels() {
  std::vector<int> y;
  for (std::size_t b = 0; b < 24; ++b) y.push_back(texts()(b, 0) > 6);
  return y;
}

}  // namespace

TEST_CASE("SelfAttention of one's own keeps the layer contract") {
  check_layer(SelfAttention(2, 3),
              {.input = {3, 5, 4},
               .output = {3, 5, 4},
               .weights = {"query (4, 6)", "key (4, 6)", "value (4, 6)", "output (6, 4)", "bias (4,)"},
               .passes_mask = true,
               .uses_mask = true});
  check_layer(SelfAttention(3, 1, {.causal = true, .bias_initializer = "ones", .name = "looks_back"}),
              {.input = {2, 6, 2},
               .output = {2, 6, 2},
               .weights = {"query (2, 3)", "key (2, 3)", "value (2, 3)", "output (3, 2)", "bias (2,)"},
               .passes_mask = true,
               .uses_mask = true});
  check_layer(SelfAttention(1, 2),
              {.input = {1, 1, 1},
               .output = {1, 1, 1},
               .weights = {"query (1, 2)", "key (1, 2)", "value (1, 2)", "output (2, 1)", "bias (1,)"},
               .passes_mask = true,
               .uses_mask = true});
}

TEST_CASE("SelfAttention of one's own computes shares of the values and their gradients") {
  SelfAttention layer(1, 1);
  LayerProbe probe(layer, {1, 2, 1});
  layer.set_weights(powers_of_two());
  // Step 0 weighs (1, 2) by 2^1 and 2^2, step 1 by 2^2 and 2^4.
  check_close<double>(probe.forward({1, 2}), {(2 * 1 + 4 * 2) / 6.0, (4 * 1 + 16 * 2) / 20.0}, rounding);
  const auto gradients = probe.backward({1, 2}, {1, 1});
  // The derivative of a mean by a factor of its scores is that factor's share of the score times the variance of the
  // values: 3 - 25/9 = 2/9 at step 0, 3.4 - 3.24 = 0.16 at step 1.
  check_close<double>(gradients.weights[0], {std::log(2.0) * (2 / 9.0 + 2 * 0.16)}, rounding);
  check_close<double>(gradients.weights[1], {2 / 9.0 + 2 * 0.16}, rounding);
  check_close<double>(gradients.weights[2], {5 / 3.0 + 1.8}, rounding);
  check_close<double>(gradients.weights[3], {5 / 3.0 + 1.8}, rounding);
  CHECK(gradients.weights[4] == std::vector<float>{2});
}

TEST_CASE("SelfAttention of one's own gives masked and later steps no share") {
  SelfAttention layer(1, 1), causal(1, 1, {.causal = true});
  LayerProbe probe(layer, {1, 2, 1}, true), causal_probe(causal, {1, 2, 1});
  layer.set_weights(powers_of_two());
  causal.set_weights(powers_of_two());
  check_close<double>(probe.forward({1, 2}, {1, 0}), {1, 1}, rounding);
  check_close<double>(probe.forward({1, 2}, {0, 1}), {2, 2}, rounding);
  check_close<double>(probe.forward({1, 2}, {0, 0}), {0, 0}, rounding);
  check_close<double>(causal_probe.forward({1, 2}), {1, 1.8}, rounding);
}

TEST_CASE("SelfAttention of one's own agrees with plain sums") {
  for (const bool causal : {false, true}) {
    SelfAttention layer(3, 2, {.causal = causal, .bias_initializer = "ones"});
    LayerProbe probe(layer, {1, 5, 4}, true);
    const std::vector<float> x = random_floats(20, 5);
    for (const std::vector<std::uint8_t>& mask :
         {std::vector<std::uint8_t>{1, 1, 1, 1, 1}, {0, 1, 0, 1, 1}, {1, 1, 0, 0, 0}}) {
      check_close(probe.forward(x, mask), attention_of(x, layer.get_weights(), 3, mask, causal), rounding);
    }
  }
}

TEST_CASE("SelfAttention of one's own saves one share for each pair of steps in each head") {
  SelfAttention layer(2, 3);
  LayerProbe probe(layer, {2, 7, 4});
  probe.forward(random_floats(2 * 7 * 4, 1));
  const std::vector<std::int64_t> sizes = probe.buffer_sizes();
  CHECK(std::count(sizes.begin(), sizes.end(), 2 * 2 * 7 * 7) == 1);
}

TEST_CASE("SelfAttention of one's own learns behind an Embedding") {
  set_random_seed(7);
  Sequential model = classifier();
  model.compile(optimizers::Adam({.learning_rate = 0.02}), "binary_crossentropy");
  std::vector<double> losses;
  for (int step = 0; step < 30; ++step) losses.push_back(model.train_on_batch(texts(), labels())["loss"]);
  CHECK(losses.front() > 0.6);
  CHECK(losses.back() < 0.5 * losses.front());
}

TEST_CASE("SelfAttention of one's own predicts sequences of any length, and padding changes nothing") {
  set_random_seed(7);
  Sequential model = classifier();
  model.compile("adam", "binary_crossentropy");
  model.fit(texts(), labels(), {.batch_size = 5, .verbose = 0});
  model.train_on_batch({{4, 9, 2}}, {1});
  model.train_on_batch(xt::xarray<int>(xt::ones<int>({3, 31})), {1, 0, 1});
  const Tensor bare = model.predict({{4, 9, 2}});
  for (const std::size_t length : {4, 7, 50}) {
    xt::xarray<int> padded = xt::zeros<int>({std::size_t{40}, length});
    padded(17, 0) = 4;
    padded(17, 1) = 9;
    padded(17, 2) = 2;
    padded(39, length - 1) = 1;  // the batch keeps all its columns
    const Tensor result = model.predict(padded);
    REQUIRE(shape_of(result) == Shape({40, 1}));
    CHECK(std::abs(result(17, 0) - bare(0, 0)) < rounding);
  }
  CHECK(model.predict({{3}}).size() == 1);
}

TEST_CASE("SelfAttention of one's own goes into other layers") {
  Sequential sentences{InputLayer({None, None, 4}), TimeDistributed(SelfAttention(2, 3)),
                       TimeDistributed(GlobalAveragePooling1D()), Dense(1)};
  sentences.compile("adam", "mse");
  const Tensor x = xt::arange<float>(0.0f, 2.0f * 3 * 5 * 4).reshape({2, 3, 5, 4}) / 120.0f;
  sentences.fit(x, {{1.0f, 0.0f, 2.0f}, {0.5f, 1.0f, -1.0f}}, {.verbose = 0});
  SelfAttention alone(2, 3, {.input_shape = {None, 4}});
  Sequential one{alone, GlobalAveragePooling1D(), Dense(1)};
  one.set_weights(sentences.get_weights());
  const Tensor together = sentences.predict(x);
  for (std::size_t b = 0; b < 2; ++b) {
    const Tensor document = xt::eval(xt::view(x, b, xt::all(), xt::all(), xt::all()));
    const Tensor apart = one.predict(document);
    for (std::size_t s = 0; s < 3; ++s) CHECK(std::abs(together(b, s, 0) - apart(s, 0)) < rounding);
  }

  Sequential block{SelfAttention(2, 3), Dense(6)};
  Sequential nested{Embedding(12, 6, {.mask_zero = true}), std::move(block), GlobalMaxPooling1D(), Dense(1)};
  nested.compile("adam", "binary_crossentropy");
  nested.fit(texts(), labels(), {.verbose = 0});
  CHECK(std::abs(nested.predict({{4, 9, 0, 0}})(0, 0) - nested.predict({{4, 9}})(0, 0)) < rounding);
}

TEST_CASE("SelfAttention of one's own is saved and loaded") {
  const TemporaryFolder folder;
  set_random_seed(7);
  Sequential model = classifier();
  model.compile("adam", "binary_crossentropy");
  model.fit(texts(), labels(), {.verbose = 0});
  const Tensor expected = model.predict(texts());

  model.save_weights(folder / "model.weights.h5");
  Sequential other = classifier();
  other.load_weights(folder / "model.weights.h5");
  CHECK((other.predict(texts()) == expected));
  CHECK((model.clone().predict(texts()) == expected));

  for (const char* file : {"model.keras", "model.h5"}) {
    model.save(folder / file);
    Sequential loaded = load_model(folder / file, {.custom_objects = {custom_layer<SelfAttention>()}});
    CHECK((loaded.predict(texts()) == expected));
    CHECK(loaded.get_layer<SelfAttention>(1).config().heads == 2);
    loaded.fit(texts(), labels(), {.verbose = 0});
  }
}

TEST_CASE("SelfAttention of one's own refuses sizes that cannot be and inputs without features") {
  CHECK(message_of<InvalidArgument>([] { SelfAttention(0, 4); }) ==
        "SelfAttention: heads is 0; expected a positive integer.");
  CHECK(message_of<InvalidArgument>([] { SelfAttention(2, -4, {.name = "looks"}); }) ==
        "SelfAttention \"looks\": key_dim is -4; expected a positive integer.");
  CHECK(message_of<ShapeError>([] {
          Sequential{Dense(3, {.input_shape = {4}}), SelfAttention(2, 4)};
        }) ==
        "layer 1 \"self_attention\" (SelfAttention): input is (None, 3); expected rank 3, (batch, time, features). "
        "Check the layers before it.");
  CHECK(message_of<ShapeError>([] {
          Sequential{SelfAttention(2, 4, {.input_shape = {4, None}})};
        }) ==
        "layer 0 \"self_attention\" (SelfAttention): input is (None, 4, None); expected a known last axis. Give the "
        "first layer an input_shape without None.");
}
