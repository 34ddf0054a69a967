#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "catch.hpp"
#include "xeras/core/random.hpp"
#include "xeras/optimizers.hpp"

namespace xeras::testing {

using namespace optimizers;

constexpr double keras_tolerance = 3e-6;   // absolute, of weights near 1 after five steps in float
constexpr double adam_tolerance = 2e-5;    // the same; in float, as in Keras, 1 - beta_2 is off by 1e-5 of itself
constexpr double sparse_tolerance = 1e-6;  // absolute, of weights after 600 steps in float

class NonNegative final : public Configured<constraints::Constraint, NoOptions> {
 public:
  void apply(const Extents& extents, float* values) const override {
    for (std::int64_t i = 0; i < extents.size(); ++i) values[i] = std::max(values[i], 0.0f);
  }
};

// The training behind the numbers from Keras: two parameters, five given gradients, six weights in the end.
struct Training {
  std::vector<float> a{1, -2, 0.5f, 3}, b{0.1f, -0.3f}, ga, gb;
  NonNegative non_negative;
  bool constrained = false;

  std::array<Parameter, 2> parameters() {
    return {Parameter{a.data(), {2, 2}, constrained ? &non_negative : nullptr, {ga.data(), {}, false}},
            Parameter{b.data(), {2}, nullptr, {gb.data(), {}, false}}};
  }
  void step(Optimizer& optimizer, int t) {
    const auto x = static_cast<float>(t);
    ga = {0.1f * (x + 1.0f), -0.5f, 2.0f - x, 0.3f * x};
    gb = {x - 2.0f, 0.7f};
    auto both = parameters();
    optimizer.apply(both);
  }
  void run(Optimizer& optimizer, int steps = 5) {
    for (int t = 0; t < steps; ++t) step(optimizer, t);
  }
  void expect(const std::array<double, 6>& weights, double tolerance = keras_tolerance) const {
    for (std::size_t i = 0; i < 6; ++i)
      CHECK_THAT(i < 4 ? a[i] : b[i - 4], Catch::Matchers::WithinAbs(weights[i], tolerance));
  }
};

// Keras 3.15.1: o.build([a, b]), then for t in range(5):
//   o.apply([[[.1 * (t + 1), -.5], [2 - t, .3 * t]], [t - 2, .7]], [a, b]), from [[1, -2], [.5, 3]] and [.1, -.3].
inline void expect(Optimizer&& optimizer, const std::array<double, 6>& weights) {
  CAPTURE(optimizer.class_name(), optimizer.get_config().to_string());
  Training training;
  training.run(optimizer);
  training.expect(weights, optimizer.class_name() == "Adam" ? adam_tolerance : keras_tolerance);
}

constexpr std::int64_t vocabulary = 200, width = 8;

// An Embedding's gradients: ten random rows a step, sparse or as the same dense matrix, and a dense parameter beside
// it.
struct Table {
  explicit Table(bool is_sparse, const constraints::Constraint* its_constraint = nullptr)
      : sparse(is_sparse), constraint(its_constraint), w(vocabulary * width), gradient(vocabulary * width), bias{1, 2} {
    const RandomStream random(7);
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(random.uniform(i) - 0.5);
  }
  void step(Optimizer& optimizer, std::uint64_t t, bool as_dense) {
    const RandomStream random(t + 1, 99);
    std::uint64_t next = 0;
    rows.clear();
    while (rows.size() < 10) {
      const auto row = static_cast<std::int32_t>(random.below(next++, vocabulary));
      if (std::find(rows.begin(), rows.end(), row) == rows.end()) rows.push_back(row);
    }
    values.resize(rows.size() * width);
    for (float& g : values) g = static_cast<float>(2.0 * random.uniform(next++) - 1.0);
    bias_gradient = {values[0], values[1]};
    std::fill(gradient.begin(), gradient.end(), 0.0f);
    for (std::size_t i = 0; i < values.size(); ++i) {
      gradient[static_cast<std::size_t>(rows[i / width]) * width + i % width] = values[i];
    }
    Gradient given{gradient.data(), {}, false};
    if (sparse && !as_dense) given = {values.data(), rows, true};
    std::array<Parameter, 2> parameters{Parameter{w.data(), {vocabulary, width}, constraint, given},
                                        Parameter{bias.data(), {2}, nullptr, {bias_gradient.data(), {}, false}}};
    optimizer.apply(parameters);
  }

  bool sparse;
  const constraints::Constraint* constraint;
  std::vector<std::int32_t> rows;
  std::vector<float> w, gradient, values, bias, bias_gradient;
};

// Trains the same table with sparse and with dense gradients.
template <class OptimizerClass, class Options>
void check_sparse(const Options& options, const constraints::Constraint* constraint = nullptr, int dense_every = 0) {
  OptimizerClass sparse_optimizer(options), dense_optimizer(options);
  CAPTURE(sparse_optimizer.class_name(), to_value(options).to_string(), constraint != nullptr, dense_every);
  Table sparse(true, constraint), dense(false, constraint);
  for (int t = 0; t < 600; ++t) {
    sparse.step(sparse_optimizer, static_cast<std::uint64_t>(t), dense_every > 0 && t % dense_every == 0);
    dense.step(dense_optimizer, static_cast<std::uint64_t>(t), true);
  }
  double worst = 0.0;
  for (std::size_t i = 0; i < dense.w.size(); ++i) worst = std::max(worst, std::abs(0.0 + dense.w[i] - sparse.w[i]));
  CHECK(worst < sparse_tolerance);
  CHECK(sparse_optimizer.iterations() == dense_optimizer.iterations());
}

}  // namespace xeras::testing
