#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/plain_rules.hpp"
#include "support/threads.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"
#include "xeras/optimizers.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using testing::plain_rule;
using testing::PlainWeight;
using testing::Rule;

namespace {

constexpr double tolerance = 1e-6;  // absolute, of weights after 600 steps in float
// The same if every dense step changes each weight, by up to half a digit of the float in the same direction.
constexpr double decay_tolerance = 1.5e-5;
constexpr int steps = 600;
constexpr std::int64_t vocabulary = 60;

// Gradients for the same table, sparse and dense. A row comes the more seldom the higher its number: every other step
// at first, the last ones once or never.
class Steps {
 public:
  explicit Steps(std::size_t width, double size = 1.0) : width_(width), size_(size) {}

  void make(int t) {
    const RandomStream random(static_cast<std::uint64_t>(t), 99);
    rows.clear();
    for (std::int32_t row = 0; row < vocabulary; ++row) {
      const double rarity = std::exp2(1.0 + 0.2 * row);
      if (random.uniform(static_cast<std::uint64_t>(row)) < 1.0 / rarity) rows.push_back(row);
    }
    values.resize(rows.size() * width_);
    dense.assign(static_cast<std::size_t>(vocabulary) * width_, 0.0f);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = static_cast<float>(size_ * (2.0 * random.uniform(1000 + i) - 1.0));
      dense[static_cast<std::size_t>(rows[i / width_]) * width_ + i % width_] = values[i];
    }
  }

  std::vector<std::int32_t> rows;
  std::vector<float> values, dense;

 private:
  std::size_t width_;
  double size_;
};

std::vector<float> first_weights(std::size_t width) {
  std::vector<float> w(static_cast<std::size_t>(vocabulary) * width);
  const RandomStream random(7);
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>(random.uniform(i) - 0.5);
  return w;
}

void apply(Optimizer& optimizer, std::vector<float>& w, const Gradient& gradient) {
  const auto columns = static_cast<std::int64_t>(w.size()) / vocabulary;
  std::array<Parameter, 1> parameters{Parameter{w.data(), {vocabulary, columns}, nullptr, gradient, true}};
  optimizer.apply(parameters);
}

template <class A, class B>
double distance(const A& a, const B& b) {
  double worst = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) worst = std::max(worst, std::abs(static_cast<double>(a[i]) - b[i]));
  return worst;
}

// Trains a table by its rows, as a dense matrix, and by the plain rule; the learning rate changes twice.
template <class OptimizerClass, class Options>
void check_postponed(const Options& options, std::size_t width, double size_of_gradients = 1.0) {
  OptimizerClass postponing(options), dense(options);
  CAPTURE(postponing.class_name(), to_value(options).to_string(), width, size_of_gradients);
  std::vector<float> postponing_w = first_weights(width), dense_w = postponing_w;
  std::vector<PlainWeight> plain(postponing_w.size());
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i].w = postponing_w[i];
  const Rule rule = plain_rule(options);
  Steps batch(width, size_of_gradients);
  double worst_read = 0.0;
  for (int t = 1; t <= steps; ++t) {
    if (t == 50 || t == 310) {
      for (Optimizer* optimizer : {static_cast<Optimizer*>(&postponing), static_cast<Optimizer*>(&dense)}) {
        optimizer->set_learning_rate(optimizer->learning_rate() * (t == 50 ? 0.3 : 2.0));
      }
    }
    batch.make(t);
    for (std::size_t i = 0; i < plain.size(); ++i) rule(plain[i], batch.dense[i], postponing.learning_rate(), t);
    postponing.catch_up(0, postponing_w.data(), batch.rows);
    for (const std::int32_t row : batch.rows) {
      for (std::size_t i = static_cast<std::size_t>(row) * width; i < (static_cast<std::size_t>(row) + 1) * width;
           ++i) {
        worst_read = std::max(worst_read, std::abs(static_cast<double>(postponing_w[i]) - dense_w[i]));
      }
    }
    apply(postponing, postponing_w, {batch.values.data(), batch.rows, true});
    apply(dense, dense_w, {batch.dense.data(), {}, false});
    if (t == 200) postponing.catch_up(0, postponing_w.data());
  }
  postponing.catch_up(0, postponing_w.data());
  std::vector<double> exact;
  for (const PlainWeight& x : plain) exact.push_back(x.w);
  const bool moves_all =
      options.weight_decay || std::is_same_v<OptimizerClass, Lion> || std::is_same_v<OptimizerClass, ScheduleFreeAdamW>;
  const double limit = moves_all ? decay_tolerance : tolerance;
  CHECK(worst_read < limit);
  CHECK(distance(postponing_w, dense_w) < limit);
  CHECK(distance(postponing_w, exact) < limit);
}

}  // namespace

TEMPLATE_TEST_CASE_SIG("rows that catch up are where dense steps bring them", "[optimizers]", ((int width), width), 1,
                       7, 50) {
  check_postponed<SGD>(SGDOptions(), width);
  check_postponed<SGD>(SGDOptions{.learning_rate = 0.001, .momentum = 0.9}, width);
  check_postponed<SGD>(SGDOptions{.learning_rate = 0.001, .momentum = 0.9, .nesterov = true}, width);
  check_postponed<SGD>(SGDOptions{.learning_rate = 1e-4, .momentum = 0.999}, width);
  check_postponed<RMSprop>(RMSpropOptions(), width);
  check_postponed<RMSprop>(RMSpropOptions{.momentum = 0.5}, width);
  check_postponed<RMSprop>(RMSpropOptions{.centered = true}, width);
  check_postponed<RMSprop>(RMSpropOptions{.momentum = 0.9, .centered = true}, width);
  check_postponed<Adam>(AdamOptions(), width);
  check_postponed<Adam>(AdamOptions{.beta_1 = 0.0}, width);
  check_postponed<Adam>(AdamOptions{.beta_1 = 0.8, .beta_2 = 0.99}, width);
  check_postponed<Adam>(AdamOptions{.beta_1 = 0.99}, width);
  check_postponed<Adam>(AdamOptions{.beta_1 = 0.9, .beta_2 = 0.9}, width);  // dense: no short sum is exact
}

TEMPLATE_TEST_CASE_SIG("rows of the other optimizers are where dense steps bring them", "[optimizers]",
                       ((int width), width), 1, 7) {
  check_postponed<Adagrad>(AdagradOptions(), width);
  check_postponed<Adadelta>(AdadeltaOptions{.learning_rate = 0.1}, width);
  check_postponed<Adamax>(AdamaxOptions(), width);
  check_postponed<Adamax>(AdamaxOptions{.beta_1 = 0.8, .beta_2 = 0.99, .epsilon = 0.01}, width);
  check_postponed<Nadam>(NadamOptions(), width);  // dense: its moves have no sum
  check_postponed<Ftrl>(FtrlOptions{.learning_rate = 0.01}, width);
  check_postponed<Ftrl>(FtrlOptions{.learning_rate = 0.01,
                                    .learning_rate_power = -0.7,
                                    .l1_regularization_strength = 0.1,
                                    .l2_regularization_strength = 0.1,
                                    .beta = 0.5},
                        width);
  check_postponed<Ftrl>(FtrlOptions{.learning_rate = 0.01, .l2_shrinkage_regularization_strength = 0.01}, width);
  check_postponed<Lion>(LionOptions{.learning_rate = 1e-5}, width);
  check_postponed<ScheduleFreeAdamW>(ScheduleFreeAdamWOptions{.learning_rate = 1e-4}, width);
}

// The float of each dense step rounds a decay, always in the same direction while the weight changes little.
TEMPLATE_TEST_CASE_SIG("rows that catch up have decayed as dense steps decay them", "[optimizers]",
                       ((int width), width), 1, 3) {
  for (const double decay : {0.001, 0.1, 10.0, 400.0, 600.0, 1000.0, 1500.0}) {
    check_postponed<SGD>(SGDOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<SGD>(SGDOptions{.learning_rate = 0.001, .momentum = 0.9, .weight_decay = decay}, width);
    check_postponed<SGD>(SGDOptions{.learning_rate = 0.001, .momentum = 0.8, .nesterov = true, .weight_decay = decay},
                         width);
    check_postponed<SGD>(SGDOptions{.learning_rate = 1e-4, .momentum = 0.999, .weight_decay = decay}, width);  // dense
    check_postponed<RMSprop>(RMSpropOptions{.learning_rate = 0.001, .momentum = 0.5, .weight_decay = decay}, width);
    check_postponed<RMSprop>(
        RMSpropOptions{.learning_rate = 0.001, .momentum = 0.9, .centered = true, .weight_decay = decay}, width);
    check_postponed<RMSprop>(RMSpropOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<Adagrad>(AdagradOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<Adadelta>(AdadeltaOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<Adam>(AdamOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<AdamW>(AdamWOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<AdamW>(AdamWOptions{.learning_rate = 0.001, .weight_decay = decay, .beta_2 = 0.98}, width);
    check_postponed<Adamax>(AdamaxOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<Ftrl>(FtrlOptions{.learning_rate = 0.001, .weight_decay = decay}, width);
    check_postponed<Lion>(LionOptions{.learning_rate = 0.0001, .weight_decay = decay}, width);
  }
}

TEMPLATE_TEST_CASE("momentum with weight decay leaves rows without gradient for later", "[optimizers]", SGD, RMSprop) {
  TestType optimizer({.momentum = 0.9, .weight_decay = 0.1});
  std::vector<float> w{1.0f, 1.0f}, g{0.5f, 0.5f};
  const std::int32_t both[] = {0, 1};
  const auto step = [&](std::size_t rows) {
    std::array<Parameter, 1> parameters{
        Parameter{w.data(), {2, 1}, nullptr, {g.data(), std::span(both).first(rows), true}, true}};
    optimizer.apply(parameters);
  };
  step(2);
  const float before = w[1];
  step(1);
  CHECK(w[1] == before);
  CHECK(w[0] != before);
  optimizer.catch_up(0, w.data());
  CHECK(w[1] < before);
}

TEST_CASE("Adam catches rows up whatever the size of epsilon beside the gradients", "[optimizers]") {
  for (const double size : {1e-8, 1e-7, 1e-6, 1e-5, 1e-3}) check_postponed<Adam>(AdamOptions(), 5, size);
  check_postponed<Adam>(AdamOptions{.beta_2 = 0.99, .epsilon = 0.1}, 5);
}

namespace {

// Row 0 has a gradient in the first and the last of many updates, row 1 in all of them.
template <class OptimizerClass, class Options>
void check_long_postponed(const Options& options, int updates) {
  OptimizerClass optimizer(options);
  CAPTURE(optimizer.class_name(), to_value(options).to_string(), updates);
  const Rule rule = plain_rule(options);
  std::vector<float> w(2), g{1.0f, 0.5f};
  PlainWeight plain;
  const std::int32_t both[] = {0, 1};
  for (int t = 1; t <= updates; ++t) {
    const bool touched = t == 1 || t == updates;
    rule(plain, touched ? 1.0 : 0.0, options.learning_rate(0), t);
    const std::span<const std::int32_t> rows = std::span(both).subspan(touched ? 0 : 1);
    std::array<Parameter, 1> parameters{Parameter{w.data(), {2, 1}, nullptr, {g.data(), rows, true}, true}};
    optimizer.apply(parameters);
  }
  optimizer.catch_up(0, w.data());
  CHECK(std::abs(w[0] - plain.w) < tolerance);
}

}  // namespace

TEST_CASE("updates of a row may be postponed for tens of thousands of steps", "[optimizers]") {
  for (const int updates : {3000, 20'000, 70'000}) {
    check_long_postponed<SGD>(SGDOptions{.momentum = 0.99}, updates);
    check_long_postponed<RMSprop>(RMSpropOptions{.rho = 0.999}, updates);
    check_long_postponed<RMSprop>(RMSpropOptions{.momentum = 0.9, .centered = true}, updates);
    check_long_postponed<Adam>(AdamOptions{.learning_rate = 0.1}, updates);
    check_long_postponed<AdamW>(AdamWOptions{.learning_rate = 0.1, .weight_decay = 1e-4}, updates);
    check_long_postponed<Adamax>(AdamaxOptions{.learning_rate = 0.1}, updates);
    check_long_postponed<Adadelta>(AdadeltaOptions{.rho = 0.999}, updates);
    check_long_postponed<SGD>(SGDOptions{.learning_rate = 0.1, .weight_decay = 1e-3}, updates);
    check_long_postponed<SGD>(SGDOptions{.momentum = 0.99, .weight_decay = 1e-3}, updates);
    check_long_postponed<RMSprop>(RMSpropOptions{.momentum = 0.9, .weight_decay = 1e-3}, updates);
    check_long_postponed<ScheduleFreeAdamW>(ScheduleFreeAdamWOptions{.learning_rate = 0.1}, updates);
  }
}

TEST_CASE("rows that catch up have the same bits with any number of threads", "[optimizers]") {
  const auto train = [](int threads) {
    const testing::Threads scope(threads);
    Adam adam;
    constexpr std::size_t width = 800;
    std::vector<float> w = first_weights(width);
    Steps batch(width);
    for (int t = 1; t <= 40; ++t) {
      batch.make(t);
      adam.catch_up(0, w.data(), batch.rows);
      apply(adam, w, {batch.values.data(), batch.rows, true});
    }
    adam.catch_up(0, w.data());
    return w;
  };
  CHECK(train(1) == train(3));
}

TEST_CASE("updates of a parameter that nobody catches up are never postponed", "[optimizers]") {
  SGD careless({.momentum = 0.9}), dense({.momentum = 0.9});
  std::vector<float> w(4), expected(4), g{1.0f, 2.0f}, all{0, 0, 1.0f, 2.0f};
  const std::int32_t row[] = {1};
  for (int t = 0; t < 3; ++t) {
    const bool touched = t == 0;
    if (!touched) std::fill(all.begin(), all.end(), 0.0f);
    std::array<Parameter, 1> sparse{
        Parameter{w.data(), {2, 2}, nullptr, {g.data(), std::span(row).first(touched), true}}};
    std::array<Parameter, 1> whole{Parameter{expected.data(), {2, 2}, nullptr, {all.data(), {}, false}}};
    careless.apply(sparse);
    dense.apply(whole);
    CHECK(w == expected);
  }
}

TEST_CASE("an optimizer with postponed updates refuses another model's parameters until it has caught up",
          "[optimizers]") {
  Adam adam;
  std::vector<float> w = first_weights(2), other = w;
  Steps batch(2);
  batch.make(1);
  apply(adam, w, {batch.values.data(), batch.rows, true});
  CHECK(message_of<InvalidArgument>([&] {
          apply(adam, other, {batch.values.data(), batch.rows, true});
        }) ==
        "Adam: parameter 0 is not that of the last step, which postponed updates of its rows; expected the "
        "parameters of one model. Take a new optimizer for another model.");
  CHECK(adam.iterations() == 1);
  adam.catch_up(0, w.data());
  CHECK_NOTHROW(apply(adam, other, {batch.values.data(), batch.rows, true}));
}

TEST_CASE("catching up allocates nothing in a warm step", "[optimizers]") {
  Adam adam;
  std::vector<float> w = first_weights(8);
  Steps batch(8);
  batch.make(1);
  const auto step = [&] {
    adam.catch_up(0, w.data(), batch.rows);
    apply(adam, w, {batch.values.data(), batch.rows, true});
  };
  step();
  const testing::AllocationCounter allocations;
  step();
  CHECK(allocations.count() == 0);
}
