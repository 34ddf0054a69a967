#include "layers/conv_max_pooling.hpp"

#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/gemm_engine.hpp"
#include "support/layer_probe.hpp"
#include "support/random_floats.hpp"
#include "support/threads.hpp"
#include "support/warm_step.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::allocations_of_warm_step;
using xeras::testing::LayerProbe;
using xeras::testing::random_floats;
using xeras::testing::Threads;

namespace {

constexpr float rounding = 1e-4f;  // of sums of some hundred terms of at most 1

// Few different values: many maxima are equal to the bit.
std::vector<float> coarse_floats(std::int64_t count, std::uint64_t seed) {
  std::vector<float> values = random_floats(count, seed);
  for (float& v : values) v = std::round(v);
  return values;
}

// The pair, and the same with a layer between that hands its input on, so that they are two.
struct Pair {
  Sequential joined, apart;
  Pair(const Conv1D& conv, const GlobalMaxPooling1D& pool)
      : joined{conv, pool}, apart{conv, Activation("linear"), pool} {}
};

void check_pair(const Conv1D& conv, const Extents& input, bool keepdims = false) {
  INFO(conv.get_config().to_string() << " of " << input.to_string());
  const xeras::testing::GemmEngine own("own");  // by OpenBLAS the bits depend on the blocks
  Pair pair(conv, GlobalMaxPooling1D({.keepdims = keepdims}));
  LayerProbe joined(pair.joined, input), apart(pair.apart, input);
  CHECK(joined.node().children[0].joins_next);
  for (Variable* variable : pair.joined.variables()) {
    const auto size = static_cast<std::int64_t>(variable->size());
    const std::vector<float> values = coarse_floats(size, static_cast<std::uint64_t>(size));
    variable->assign(values.data());
  }
  pair.apart.set_weights(pair.joined.get_weights());
  const std::vector<float> dy = random_floats(joined.output_size(), 3);
  for (const std::vector<float>& x : {random_floats(input.size(), 1), coarse_floats(input.size(), 2)}) {
    CHECK(joined.forward(x) == apart.forward(x));
    const LayerProbe::Gradients a = joined.backward(x, dy), b = apart.backward(x, dy);
    check_close(a.input, b.input, rounding);
    for (std::size_t i = 0; i < a.weights.size(); ++i) check_close(a.weights[i], b.weights[i], rounding);
  }
}

}  // namespace

TEST_CASE("ConvMaxPooling is what Conv1D and GlobalMaxPooling1D are one after the other") {
  for (const char* activation : {"linear", "relu"}) {
    for (const char* padding : {"valid", "same", "causal"}) {
      for (const std::int64_t kernel_size : {1, 2, 3, 5}) {
        check_pair(Conv1D(3, kernel_size, {.padding = padding, .activation = activation}), {2, 5, 4});
        check_pair(Conv1D(3, kernel_size, {.strides = 2, .padding = padding, .activation = activation}), {2, 6, 4});
        if (kernel_size > 3) continue;
        check_pair(Conv1D(3, kernel_size, {.padding = padding, .dilation_rate = 2, .activation = activation}),
                   {2, 6, 4});
      }
    }
  }
  check_pair(Conv1D(2, 3, {.padding = "same", .use_bias = false}), {3, 1, 2}, true);
  check_pair(Conv1D(2, 2, {.activation = activations::Relu({.negative_slope = 0.5, .max_value = 1.0})}), {3, 4, 2});
}

TEST_CASE("ConvMaxPooling works in blocks of steps, filters and features") {
  check_pair(Conv1D(70, 3, {.activation = "relu"}), {2, 200, 70}, true);
  check_pair(Conv1D(130, 2, {.strides = 3, .padding = "same"}), {2, 300, 5});
}

TEST_CASE("ConvMaxPooling shows a NaN, and sends the gradient to its step") {
  Pair pair(Conv1D(2, 2), GlobalMaxPooling1D());
  LayerProbe joined(pair.joined, {1, 5, 1}), apart(pair.apart, {1, 5, 1});
  pair.apart.set_weights(pair.joined.get_weights());
  const std::vector<float> x{3, 1, std::numeric_limits<float>::quiet_NaN(), 2, 5};
  for (const float y : joined.forward(x)) CHECK(std::isnan(y));
  CHECK(joined.backward(x, {1, 2}).input == apart.backward(x, {1, 2}).input);
}

TEST_CASE("ConvMaxPooling joins no layers whose pair would be something else") {
  const auto joins = [](const Conv1D& conv) {
    Sequential model{conv, GlobalMaxPooling1D()};
    const LayerProbe probe(model, {1, 6, 4});
    return probe.node().children[0].joins_next;
  };
  CHECK(joins(Conv1D(4, 2)));
  CHECK_FALSE(joins(Conv1D(4, 2, {.groups = 2})));
  CHECK_FALSE(joins(Conv1D(4, 2, {.activation = "gelu"})));
  CHECK_FALSE(joins(Conv1D(4, 2, {.activation = "softmax"})));
  CHECK_FALSE(joins(Conv1D(4, 2, {.activity_regularizer = regularizers::L2(0.1)})));
  Sequential model{Conv1D(4, 2), GlobalAveragePooling1D()};
  const LayerProbe probe(model, {1, 6, 4});
  CHECK_FALSE(probe.node().children[0].joins_next);
}

TEST_CASE("ConvMaxPooling trains a model to the same bits with any number of threads, also a nested or frozen one") {
  const xt::xtensor<int, 2> ids = xt::reshape_view(xt::arange<int>(32 * 60) * 7 % 50, {32, 60});
  const xt::xtensor<float, 1> y = xt::arange<float>(32) / 32.0f;
  const auto trained = [&](int threads, bool joined, bool trainable) {
    const Threads so_many(threads);
    set_random_seed(5);
    Sequential inner{Conv1D(70, 3, {.activation = "relu", .trainable = trainable})};
    if (!joined) inner.add(Activation("linear"));
    inner.add(GlobalMaxPooling1D());
    Sequential model{Embedding(50, 20), inner.clone(), Dense(1)};
    model.compile(optimizers::SGD({.learning_rate = 0.05}), "mse");
    for (int step = 0; step < 3; ++step) model.train_on_batch(ids, y);
    return model.get_weights();
  };
  for (const bool trainable : {true, false}) {
    const std::vector<Tensor> one = trained(1, true, trainable), apart = trained(1, false, trainable);
    for (std::size_t i = 0; i < one.size(); ++i) CHECK(xt::allclose(one[i], apart[i], rounding, rounding));
    CHECK((trained(3, true, trainable) == one));
  }
}

TEST_CASE("ConvMaxPooling allocates nothing in a warm step") {
  Sequential model{Embedding(50, 20), Conv1D(70, 3, {.activation = "relu"}), GlobalMaxPooling1D(), Dense(1)};
  model.compile("sgd", "mse");
  const xt::xtensor<int, 2> x = xt::ones<int>({4, 30});
  const xt::xtensor<float, 1> y = xt::ones<float>({4});
  CHECK(allocations_of_warm_step(model, x, y) == 0);
}
