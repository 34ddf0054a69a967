#include "support/long_sums.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "losses/crossentropy.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

// Those of kernels and of layers are in kernels/long_sums_test.cpp and layers/long_sums_test.cpp.

using namespace xeras;
using xeras::testing::check_long_sums;
using xeras::testing::Sum;
using xeras::testing::Terms;

namespace {

using Floats = std::vector<float>;
using Results = std::vector<Sum>;

constexpr std::int64_t many = xeras::testing::many;

Tensor tensor(const std::vector<std::size_t>& shape, const Floats& values) {
  Tensor t = Tensor::from_shape(shape);
  std::copy_n(values.begin(), t.size(), t.begin());
  return t;
}

double clipped(double p) { return std::clamp(p, double{1e-7f}, double{1.0f - 1e-7f}); }

}  // namespace

TEST_CASE("Losses keep their digits over 3,000,000 columns and rows", "[slow]") {
  for (const std::vector<std::size_t>& shape : {std::vector<std::size_t>{1, many}, std::vector<std::size_t>{many, 1},
                                                std::vector<std::size_t>{1000, 1000, 3}}) {
    check_long_sums(
        {{"MeanSquaredError",
          [&](const Terms& t) {
            double sum = 0.0;
            for (std::size_t i = 0; i < t.x.size(); ++i) sum += std::pow(double{t.x[i]} - t.y[i], 2);
            return Results{{losses::MeanSquaredError()(tensor(shape, t.x), tensor(shape, t.y)), sum / many}};
          }},
         {"MeanAbsoluteError",
          [&](const Terms& t) {
            double sum = 0.0;
            for (std::size_t i = 0; i < t.x.size(); ++i) sum += std::abs(double{t.x[i]} - t.y[i]);
            return Results{{losses::MeanAbsoluteError()(tensor(shape, t.x), tensor(shape, t.y)), sum / many}};
          }},
         {"BinaryCrossentropy", [&](const Terms& t) {
            double sum = 0.0;
            for (std::size_t i = 0; i < t.x.size(); ++i) {
              const double p = clipped(t.y[i]);
              sum -= t.x[i] * std::log(p) + (1.0 - t.x[i]) * std::log(1.0 - p);
            }
            return Results{{losses::BinaryCrossentropy()(tensor(shape, t.x), tensor(shape, t.y)), sum / many}};
          }}});
  }
}

TEST_CASE("Crossentropies of classes keep their digits over 1,000,000 of them, and so do their gradients") {
  constexpr std::size_t C = 1'000'000;
  check_long_sums(
      {{"categorical",
        [](const Terms& t) {
          double p_sum = 0.0, y_sum = 0.0, loss = 0.0;
          for (std::size_t c = 0; c < C; ++c) p_sum += t.x[c], y_sum += t.y[c];
          for (std::size_t c = 0; c < C; ++c) loss -= t.y[c] * std::log(clipped(t.x[c] / p_sum));
          double unclipped = 0.0;
          const auto clips = [&](std::size_t c) { return t.x[c] / p_sum < 1e-7; };
          for (std::size_t c = 0; c < C; ++c) unclipped += clips(c) ? 0.0 : t.y[c];
          const std::size_t kept =
              static_cast<std::size_t>(std::max_element(t.x.begin(), t.x.begin() + C) - t.x.begin());
          const double rest = clips(kept) ? 0.0 : t.y[kept] / (t.x[kept] / p_sum);
          Floats dp(C);
          const double got = losses::categorical_crossentropy(t.y.data(), t.x.data(), C, 0.0, dp.data());
          return Results{{got, loss}, {dp[kept] * p_sum / y_sum + 1.0, (unclipped - rest) / y_sum + 1.0}};
        }},
       {"categorical of logits",
        [](const Terms& t) {
          double sum = 0.0, y_sum = 0.0, loss = 0.0;
          for (std::size_t c = 0; c < C; ++c) sum += std::exp(double{t.x[c]}), y_sum += t.y[c];
          for (std::size_t c = 0; c < C; ++c) loss += t.y[c] * (std::log(sum) - t.x[c]);
          Floats dp(C);
          const double got = losses::categorical_crossentropy_of_logits(t.y.data(), t.x.data(), C, 0.0, dp.data());
          return Results{{got, loss}, {dp[0] + 1.0, y_sum * std::exp(double{t.x[0]}) / sum - t.y[0] + 1.0}};
        }},
       {"sparse",
        [](const Terms& t) {
          double sum = 0.0;
          for (std::size_t c = 0; c < C; ++c) sum += t.x[c];
          Floats dp(C);
          const double got = losses::sparse_categorical_crossentropy(7, t.x.data(), C, dp.data());
          return Results{{got, -std::log(clipped(t.x[7] / sum))}, {dp[0], t.x[7] / sum < 1e-7 ? 0.0 : 1.0 / sum}};
        }},
       {"sparse of logits", [](const Terms& t) {
          double sum = 0.0;
          for (std::size_t c = 0; c < C; ++c) sum += std::exp(double{t.x[c]});
          Floats dp(C);
          const double got = losses::sparse_categorical_crossentropy_of_logits(7, t.x.data(), C, dp.data());
          return Results{{got, std::log(sum) - t.x[7]}, {dp[0], std::exp(double{t.x[0]}) / sum}};
        }}});
}

TEST_CASE("Metrics keep their digits over 3,000,000 rows, in batches too") {
  check_long_sums({{"MeanAbsoluteError", [](const Terms& t) {
                      double sum = 0.0;
                      for (std::size_t i = 0; i < t.x.size(); ++i) sum += std::abs(double{t.x[i]} - t.y[i]);
                      metrics::MeanAbsoluteError whole, batches;
                      whole.update_state(tensor({many, 1}, t.x), tensor({many, 1}, t.y));
                      constexpr std::size_t batch = 1000;
                      for (std::size_t i = 0; i < many; i += batch) {
                        const Floats x(t.x.data() + i, t.x.data() + i + batch),
                            y(t.y.data() + i, t.y.data() + i + batch);
                        batches.update_state(tensor({batch, 1}, x), tensor({batch, 1}, y));
                      }
                      return Results{{whole.result(), sum / many}, {batches.result(), sum / many}};
                    }}});
}

TEST_CASE("The loss of an epoch keeps its digits over 100,000 batches") {
  constexpr std::size_t rows = 100'000;
  check_long_sums({{"evaluate", [](const Terms& t) {
                      Sequential model{layers::Activation("linear", {.input_shape = {1}})};
                      model.compile("sgd", "mae");
                      double sum = 0.0;
                      for (std::size_t i = 0; i < rows; ++i) sum += std::abs(double{t.x[i]} - t.y[i]);
                      const Scores scores = model.evaluate(tensor({rows, 1}, t.x), tensor({rows, 1}, t.y),
                                                           {.batch_size = 1, .verbose = 0});
                      return Results{{scores["loss"], sum / rows}};
                    }}});
}

TEST_CASE("Regularizers keep their digits over 3,000,000 weights") {
  check_long_sums({{"L1, L2",
                    [](const Terms& t) {
                      const Tensor w = tensor({many, 1}, t.x);
                      return Results{{regularizers::L1({.l1 = 1.0})(w), t.sum_x},
                                     {regularizers::L2({.l2 = 1.0})(w), t.squares},
                                     {regularizers::L1L2({.l1 = 1.0, .l2 = 1.0})(w), t.sum_x + t.squares}};
                    }},
                   {"OrthogonalRegularizer", [](const Terms& t) {
                      Floats both;
                      both.insert(both.end(), t.x.begin(), t.x.end());
                      both.insert(both.end(), t.y.begin(), t.y.end());
                      double y_squares = 0.0;
                      for (const float y : t.y) y_squares += double{y} * y;
                      return Results{{regularizers::OrthogonalRegularizer({.factor = 1.0})(tensor({2, many}, both)),
                                      t.products / std::sqrt(t.squares * y_squares)}};
                    }}});
}

TEST_CASE("Constraints keep their digits over 3,000,000 weights of a norm") {
  check_long_sums({{"MaxNorm, UnitNorm, MinMaxNorm", [](const Terms& t) {
                      const Tensor w = tensor({many, 1}, t.x);
                      const double norm = std::sqrt(t.squares);
                      return Results{{constraints::MaxNorm({.max_value = 2.0})(w)(5, 0), t.x[5] * 2.0 / norm},
                                     {constraints::UnitNorm()(w)(5, 0), t.x[5] / norm},
                                     {constraints::MinMaxNorm()(w)(5, 0), t.x[5] / norm}};
                    }}});
}

TEST_CASE("Clipping keeps its digits over 3,000,000 gradients") {
  check_long_sums({{"clipnorm, global_clipnorm", [](const Terms& t) {
                      const Tensor gradient = tensor({many, 1}, t.x);
                      Tensor own = xt::zeros<float>({many, std::int64_t{1}}), global = own;
                      optimizers::SGD({.learning_rate = 1.0, .clipnorm = 1.0}).apply({gradient}, {&own});
                      optimizers::SGD({.learning_rate = 1.0, .global_clipnorm = 1.0}).apply({gradient}, {&global});
                      const double expected = -t.x[5] / std::sqrt(t.squares);
                      return Results{{own(5, 0), expected}, {global(5, 0), expected}};
                    }}});
}

TEST_CASE("Activations over rows keep their digits over 1,000,000 columns, backwards too") {
  constexpr std::size_t C = 1'000'000;
  check_long_sums({{"softmax",
                    [](const Terms& t) {
                      double sum = 0.0, along = 0.0;
                      for (std::size_t c = 0; c < C; ++c) sum += std::exp(double{t.x[c]});
                      for (std::size_t c = 0; c < C; ++c) along += std::exp(double{t.x[c]}) / sum * t.y[c];
                      Floats y(C), dx(C);
                      const activations::Softmax softmax;
                      softmax.forward(t.x.data(), y.data(), 1, C);
                      softmax.backward(t.x.data(), y.data(), t.y.data(), dx.data(), 1, C);
                      const double first = std::exp(double{t.x[0]}) / sum;
                      return Results{{y[0], first}, {dx[0] / first + 1.0, t.y[0] - along + 1.0}};
                    }},
                   {"log_softmax",
                    [](const Terms& t) {
                      double sum = 0.0, dy_sum = 0.0;
                      for (std::size_t c = 0; c < C; ++c) sum += std::exp(double{t.x[c]}), dy_sum += t.y[c];
                      Floats y(C), dx(C);
                      const activations::LogSoftmax log_softmax;
                      log_softmax.forward(t.x.data(), y.data(), 1, C);
                      log_softmax.backward(t.x.data(), y.data(), t.y.data(), dx.data(), 1, C);
                      return Results{{y[0], t.x[0] - std::log(sum)},
                                     {dx[0] + 1.0, t.y[0] - std::exp(double{t.x[0]}) / sum * dy_sum + 1.0}};
                    }},
                   {"sparsemax", [](const Terms& t) {
                      // Equal scores share 1; of others those near the largest do.
                      Floats x(t.x.begin(), t.x.begin() + C), y(C);
                      for (float& v : x) v *= 1e-7f;
                      activations::Sparsemax().forward(x.data(), y.data(), 1, C);
                      double mean = 0.0;
                      for (const float v : x) mean += v / double{C};
                      const bool all = *std::min_element(y.begin(), y.end()) > 0.0f;
                      return Results{{all ? double{y[0]} : 1.0, all ? x[0] - (mean - 1.0 / C) : 1.0}};
                    }}});
}
