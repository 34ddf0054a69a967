#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/layer_probe.hpp"
#include "support/long_sums.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using xeras::testing::LayerProbe;

namespace {

using Floats = std::vector<float>;

using xeras::testing::check_long_sums;
using xeras::testing::Sum;
using xeras::testing::Terms;
using Results = std::vector<Sum>;

constexpr std::int64_t many = xeras::testing::many;

Tensor tensor(const std::vector<std::size_t>& shape, const Floats& values) {
  Tensor t = Tensor::from_shape(shape);
  std::copy(values.begin(), values.end(), t.begin());
  return t;
}

// The gradients of a layer's weights, which are (by default as it makes them), where x comes in and dy comes back.
std::vector<Floats> weight_grads(Layer& layer, const Extents& input, const Floats& x, const Floats& dy,
                                 const std::vector<Tensor>& weights = {}) {
  LayerProbe probe(layer, input);
  if (!weights.empty()) layer.set_weights(weights);
  return probe.backward(x, dy, {}, true).weights;
}

}  // namespace

TEST_CASE("Poolings and repeats keep their digits over 3,000,000 steps") {
  check_long_sums({{"GlobalAveragePooling1D",
                    [](const Terms& t) {
                      GlobalAveragePooling1D layer;
                      return Results{{LayerProbe(layer, {1, many, 1}).forward(t.x)[0], t.sum_x / many}};
                    }},
                   {"AveragePooling1D",
                    [](const Terms& t) {
                      AveragePooling1D layer(many);
                      return Results{{LayerProbe(layer, {1, many, 1}).forward(t.x)[0], t.sum_x / many}};
                    }},
                   {"RepeatVector",
                    [](const Terms& t) {
                      RepeatVector layer(many);
                      return Results{{LayerProbe(layer, {1, 1}).backward({1}, t.x).input[0], t.sum_x}};
                    }},
                   {"UpSampling1D", [](const Terms& t) {
                      UpSampling1D layer(many);
                      return Results{{LayerProbe(layer, {1, 1, 1}).backward({1}, t.x).input[0], t.sum_x}};
                    }}});
}

TEST_CASE("Gradients of kernels and biases keep their digits over 3,000,000 rows", "[slow]") {
  check_long_sums({{"Dense",
                    [](const Terms& t) {
                      Dense layer(1);
                      const auto grads = weight_grads(layer, {many, 1}, t.x, t.y);
                      return Results{{grads[0][0], t.products}, {grads[1][0], t.sum_y}};
                    }},
                   {"Dense on many features",
                    [](const Terms& t) {
                      Dense layer(1);
                      LayerProbe probe(layer, {1, many});
                      layer.set_weights({tensor({many, 1}, t.x), tensor({1}, {0})});
                      return Results{{probe.forward(t.y)[0], t.products}};
                    }},
                   {"Conv1D",
                    [](const Terms& t) {
                      Conv1D layer(1, 1);
                      const auto grads = weight_grads(layer, {1, many, 1}, t.x, t.y);
                      return Results{{grads[0][0], t.products}, {grads[1][0], t.sum_y}};
                    }},
                   {"Conv1D of many samples",
                    [](const Terms& t) {
                      Conv1D layer(1, 1);
                      const auto grads = weight_grads(layer, {many / 3, 3, 1}, t.x, t.y);
                      return Results{{grads[0][0], t.products}, {grads[1][0], t.sum_y}};
                    }},
                   {"Conv1D of many taps",
                    [](const Terms& t) {
                      Conv1D layer(1, many);
                      LayerProbe probe(layer, {1, many, 1});
                      layer.set_weights({tensor({many, 1, 1}, t.x), tensor({1}, {0})});
                      return Results{{probe.forward(t.y)[0], t.products}};
                    }},
                   {"SeparableConv1D", [](const Terms& t) {
                      SeparableConv1D layer(1, 1);
                      const Tensor one = tensor({1, 1, 1}, {1});
                      const auto grads = weight_grads(layer, {many / 3, 3, 1}, t.x, t.y, {one, one, tensor({1}, {0})});
                      return Results{{grads[0][0], t.products}, {grads[1][0], t.products}, {grads[2][0], t.sum_y}};
                    }}});
}

// With linear activations a cell is what its weights make of it: here y = x in every step.
TEST_CASE("Gradients of recurrent layers keep their digits over 3,000,000 rows", "[slow]") {
  check_long_sums({{"SimpleRNN",
                    [](const Terms& t) {
                      // Two equal steps: y = x of the second, and the first one is what the recurrent kernel meets.
                      SimpleRNN layer(1, {.activation = "linear"});
                      Floats x(2 * many);
                      for (std::size_t i = 0; i < t.x.size(); ++i) x[2 * i] = x[2 * i + 1] = t.x[i];
                      const auto grads = weight_grads(layer, {many, 2, 1}, x, t.y,
                                                      {tensor({1, 1}, {1}), tensor({1, 1}, {0}), tensor({1}, {0})});
                      return Results{{grads[0][0], t.products}, {grads[1][0], t.products}, {grads[2][0], t.sum_y}};
                    }},
                   {"LSTM",
                    [](const Terms& t) {
                      LSTM layer(1, {.activation = "linear", .recurrent_activation = "linear"});
                      const auto grads = weight_grads(
                          layer, {many, 1, 1}, t.x, t.y,
                          {tensor({1, 4}, {0, 0, 1, 0}), tensor({1, 4}, {0, 0, 0, 0}), tensor({4}, {1, 0, 0, 1})});
                      return Results{{grads[0][2], t.products}, {grads[2][2], t.sum_y}};
                    }},
                   {"GRU", [](const Terms& t) {
                      GRU layer(1, {.activation = "linear", .recurrent_activation = "linear"});
                      const auto grads = weight_grads(
                          layer, {many, 1, 1}, t.x, t.y,
                          {tensor({1, 3}, {0, 0, 1}), tensor({1, 3}, {0, 0, 0}), tensor({2, 3}, {0, 1, 0, 0, 0, 0})});
                      return Results{{grads[0][2], t.products}, {grads[2][2], t.sum_y}, {grads[2][5], t.sum_y}};
                    }}});
}

TEST_CASE("The output gradient of masked steps keeps its digits over 3,000,000 of them", "[slow]") {
  check_long_sums({{"SimpleRNN", [](const Terms& t) {
                      // One step counts, and all behind it show its output again.
                      SimpleRNN layer(1, {.activation = "linear", .return_sequences = true});
                      LayerProbe probe(layer, {1, many, 1}, true);
                      std::vector<std::uint8_t> mask(many, 0);
                      mask[0] = 1;
                      return Results{{probe.backward(t.x, t.y, mask, true).weights[2][0], t.sum_y}};
                    }}});
}

TEST_CASE("The gradient of a word that comes 3,000,000 times keeps its digits") {
  check_long_sums({{"Embedding", [](const Terms& t) {
                      Embedding layer(2, 1);
                      return Results{{weight_grads(layer, {1, many}, Floats(many, 1.0f), t.y)[0][1], t.sum_y}};
                    }}});
}

// Behind an Embedding these sum over the places of a word before they multiply.
TEST_CASE("Layers behind an Embedding keep their digits where a word comes 300,000 times") {
  const std::int64_t samples = 300, steps = 1000, features = 40;
  const auto check_change = [&](Sequential model) {
    model.compile(optimizers::SGD({.learning_rate = 1.0}), losses::MeanSquaredError({.reduction = "sum"}));
    model.layers()[0]->set_weights({tensor({2, features}, Floats(2 * features, 1.0f))});
    std::vector<Tensor> weights = model.layers()[1]->get_weights();
    for (Tensor& w : weights) w.fill(0.0f);
    model.layers()[1]->set_weights(weights);
    // The predictions are 0, so that each has the gradient -0.2.
    const xt::xtensor<int, 2> x = xt::ones<int>({samples, steps});
    model.train_on_batch(x, tensor({samples, steps, 1}, Floats(samples * steps, 0.1f)));
    const double expected = 2.0 * double{0.1f} * samples * steps;
    weights = model.layers()[1]->get_weights();
    for (const Tensor& w : {weights.front(), weights.back()}) {
      INFO(w(0) << ", expected " << expected);
      CHECK(std::abs(w(0) - expected) <= 1e-6 * expected);
    }
  };
  check_change(Sequential{Embedding(2, features), Conv1D(1, 1)});
  check_change(Sequential{Embedding(2, features), SimpleRNN(1, {.activation = "linear", .return_sequences = true})});
}

TEST_CASE("Gradients of normalizations' weights keep their digits over 3,000,000 rows", "[slow]") {
  check_long_sums({{"LayerNormalization",
                    [](const Terms& t) {
                      // Rows (0, 2): h = (-1, 1) but for epsilon.
                      LayerNormalization layer;
                      Floats x(many), dy(many);
                      double dy_sum = 0.0, first = 0.0;
                      for (std::size_t i = 0; i < x.size(); ++i) {
                        x[i] = i % 2 == 0 ? 0.0f : 2.0f;
                        dy[i] = t.y[i];
                        if (i % 2 == 1) dy_sum += t.y[i];
                        if (i % 2 == 0) first += t.y[i];
                      }
                      const auto grads = weight_grads(layer, {many / 2, 2}, x, dy);
                      const double h = 1.0 / std::sqrt(1.0 + 1e-3);
                      return Results{{grads[0][1], h * dy_sum}, {grads[0][0], -h * first}, {grads[1][1], dy_sum}};
                    }},
                   {"BatchNormalization", [](const Terms& t) {
                      BatchNormalization layer({.epsilon = 0.0});
                      Floats x(many);
                      double dgamma = 0.0;
                      for (std::size_t i = 0; i < x.size(); ++i) {
                        x[i] = i % 2 == 0 ? 0.0f : 2.0f;
                        dgamma += i % 2 == 0 ? 0.0 : t.y[i];
                      }
                      Floats dy = t.y;
                      for (std::size_t i = 0; i < dy.size(); i += 2) dy[i] = 0.0f;
                      const auto grads = weight_grads(layer, {many, 1}, x, dy);
                      return Results{{grads[0][0], dgamma}, {grads[1][0], dgamma}};
                    }}});
}

TEST_CASE("The moments of BatchNormalization keep their digits over 3,000,000 rows") {
  check_long_sums({{"mean", [](const Terms& t) {
                      // Inference with the moving mean that a step of training leaves.
                      Sequential model{BatchNormalization({.momentum = 0.0, .input_shape = {1}})};
                      model.compile("sgd", "mse");
                      model.train_on_batch(tensor({many, 1}, t.x), tensor({many, 1}, t.x));
                      const std::vector<Tensor> weights = model.layers()[0]->get_weights();
                      const double mean = t.sum_x / many;
                      double variance = 0.0;
                      for (const float x : t.x) variance += (x - mean) * (x - mean);
                      // Of equal numbers it is 0 but for the rounding of their mean.
                      return Results{{weights[2](0), mean}, {weights[3](0) + 1.0, variance / many + 1.0}};
                    }}});
}

TEST_CASE("LayerNormalization and UnitNormalization keep their digits over 1,000,000 features") {
  constexpr std::int64_t n = 1'000'000;
  // Half of the features are larger by 1, so that equal terms have a variance, too.
  const auto input = [](const Terms& t) {
    Floats x(t.x.begin(), t.x.begin() + n);
    for (std::size_t i = 0; i < x.size(); i += 2) x[i] += 1.0f;
    return x;
  };
  check_long_sums(
      {{"LayerNormalization",
        [=](const Terms& t) {
          const Floats x = input(t), dy(t.y.begin(), t.y.begin() + n);
          double mean = 0.0, variance = 0.0, dy_mean = 0.0, dyh_mean = 0.0;
          for (const float v : x) mean += v / static_cast<double>(n);
          for (const float v : x) variance += (v - mean) * (v - mean) / n;
          const double inverse = 1.0 / std::sqrt(variance + 1e-3);
          for (std::size_t i = 0; i < x.size(); ++i) {
            dy_mean += dy[i] / static_cast<double>(n);
            dyh_mean += dy[i] * (x[i] - mean) * inverse / n;
          }
          LayerNormalization layer;
          LayerProbe probe(layer, {1, n});
          const double h = (x[0] - mean) * inverse;
          const double dx = inverse * (dy[0] - dy_mean - h * dyh_mean);
          // Differences of numbers around 1: of these the digits are counted.
          return Results{{probe.forward(x)[0] + 1.0, h + 1.0}, {probe.backward(x, dy).input[0] + 1.0, dx + 1.0}};
        }},
       {"UnitNormalization", [=](const Terms& t) {
          const Floats x = input(t), dy(t.y.begin(), t.y.begin() + n);
          double squares = 0.0, along = 0.0;
          for (const float v : x) squares += double{v} * v;
          const double norm = std::sqrt(squares);
          for (std::size_t i = 0; i < x.size(); ++i) along += x[i] / norm * dy[i];
          UnitNormalization layer;
          LayerProbe probe(layer, {1, n});
          const double y = x[1] / norm;
          return Results{{probe.forward(x)[1], y},
                         {probe.backward(x, dy).input[1] * norm + 1.0, dy[1] - y * along + 1.0}};
        }}});
}

TEST_CASE("PReLU keeps the digits of a slope that 3,000,000 numbers share") {
  check_long_sums({{"PReLU", [](const Terms& t) {
                      PReLU layer({.shared_axes = {1}});
                      Floats x = t.x;
                      for (float& v : x) v = -v;
                      return Results{{-weight_grads(layer, {3, many / 3, 1}, x, t.y)[0][0], t.products}};
                    }}});
}
