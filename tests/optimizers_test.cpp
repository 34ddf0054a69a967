#include "xeras/optimizers.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double keras_tolerance = 3e-6;   // absolute, of weights near 1 after five steps in float
constexpr double adam_tolerance = 2e-5;    // the same; Keras takes 1 - beta_2^t = 0.001 in float, we in double
constexpr double sparse_tolerance = 1e-6;  // absolute, of weights after 600 steps in float
constexpr int keras_steps = 5;

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
  void run(Optimizer& optimizer, int steps = keras_steps) {
    for (int t = 0; t < steps; ++t) step(optimizer, t);
  }
  void expect(const std::array<double, 6>& weights, double tolerance = keras_tolerance) const {
    for (std::size_t i = 0; i < 6; ++i) CHECK_THAT(i < 4 ? a[i] : b[i - 4], WithinAbs(weights[i], tolerance));
  }
};

void expect(Optimizer&& optimizer, const std::array<double, 6>& weights) {
  CAPTURE(optimizer.class_name(), optimizer.get_config().to_string());
  Training training;
  training.run(optimizer);
  training.expect(weights, optimizer.class_name() == "Adam" ? adam_tolerance : keras_tolerance);
}

}  // namespace

// Keras 3.15.1: o.build([a, b]), then for t in range(5):
//   o.apply([[[.1 * (t + 1), -.5], [2 - t, .3 * t]], [t - 2, .7]], [a, b]), from [[1, -2], [.5, 3]] and [.1, -.3].
TEST_CASE("SGD gives the numbers of Keras", "[optimizers]") {
  expect(SGD({.learning_rate = 0.1}), {0.85000002, -1.7500002, 0.5, 2.7000003, 0.10000001, -0.64999998});
  expect(SGD({.learning_rate = 0.1, .momentum = 0.9}),
         {0.68296903, -1.3427951, -0.27291998, 2.4432302, 0.87292004, -1.2200871});
  expect(SGD({.learning_rate = 0.1, .momentum = 0.9, .nesterov = true}),
         {0.56467211, -1.1585156, -0.19562799, 2.1989069, 0.79562795, -1.4780782});
}

TEST_CASE("RMSprop gives the numbers of Keras", "[optimizers]") {
  expect(RMSprop({.learning_rate = 0.1}), {-0.32276034, -0.93547231, 0.40194091, 1.9002447, 0.19805908, -1.3645282});
  expect(RMSprop({.learning_rate = 0.1, .momentum = 0.5}),
         {-1.1828794, -0.20893815, 0.049197286, 1.2797295, 0.55080265, -2.0910628});
  expect(RMSprop({.learning_rate = 0.1, .centered = true}),
         {-0.50235677, -0.77289712, 0.37392598, 1.7729229, 0.22607401, -1.5271038});
  expect(RMSprop({.learning_rate = 0.1, .momentum = 0.5, .centered = true}),
         {-1.4534618, 0.036643893, -0.006218493, 1.0977507, 0.60621846, -2.3366454});
  expect(RMSprop({.learning_rate = 0.1, .rho = 0.5, .epsilon = 0.1}),
         {0.65377271, -1.5408365, 0.5097568, 2.5806971, 0.090243176, -0.80375206});
}

TEST_CASE("Adam gives the numbers of Keras", "[optimizers]") {
  expect(Adam({.learning_rate = 0.1}), {0.51492691, -1.5000058, 0.21943797, 2.6654329, 0.38056204, -0.79999471});
  expect(Adam({.learning_rate = 0.1, .beta_2 = 0.5, .amsgrad = true}),
         {0.57809514, -1.5000002, 0.23622626, 2.7360673, 0.36377373, -0.79999983});
  expect(Adam({.learning_rate = 0.1, .beta_1 = 0.5, .beta_2 = 0.9, .epsilon = 0.01}),
         {0.51110947, -1.5203638, 0.37491706, 2.5854902, 0.22508293, -0.78527176});
}

TEST_CASE("optimizers clip and decay as Keras does", "[optimizers]") {
  expect(SGD({.learning_rate = 0.1, .weight_decay = 0.2}),
         {0.75786132, -1.5676439, 0.4713676, 2.4177032, 0.070984915, -0.60745341});
  expect(SGD({.learning_rate = 0.1, .clipnorm = 1.0}),
         {0.9007684, -1.8291391, 0.46715063, 2.8048217, 0.099999994, -0.55076253});
  expect(SGD({.learning_rate = 0.1, .clipvalue = 0.4}),
         {0.86000001, -1.8000002, 0.5, 2.8500001, 0.099999994, -0.49999997});
  expect(SGD({.learning_rate = 0.1, .global_clipnorm = 1.0}),
         {0.92106384, -1.8663073, 0.48720503, 2.8434069, 0.11279495, -0.48716998});
  expect(Adam({.learning_rate = 0.1, .weight_decay = 0.2, .clipnorm = 0.5}),
         {0.4589794, -1.3437364, 0.16937545, 2.3896873, 0.35589921, -0.73159117});
}

TEST_CASE("optimizers accumulate gradients as Keras does", "[optimizers]") {
  expect(SGD({.learning_rate = 0.1, .gradient_accumulation_steps = 2}),
         {0.94999999, -1.9000001, 0.40000001, 2.9099998, 0.2, -0.44});
  expect(Adam({.learning_rate = 0.1, .gradient_accumulation_steps = 2}),
         {0.80521852, -1.8000027, 0.35997948, 2.8138993, 0.2400205, -0.49999759});
  Adam adam({.gradient_accumulation_steps = 2});
  Training().run(adam);
  CHECK(adam.iterations() == 2);
  Adam plain;
  Training().run(plain);
  CHECK(plain.iterations() == keras_steps);
}

// Also o.finalize_variable_values([a, b]); constrained: with keras.constraints.NonNeg on a.
TEST_CASE("optimizers average weights as Keras does", "[optimizers]") {
  const auto run = [](SGDOptions options, bool constrained, bool finalize, const std::array<double, 6>& weights) {
    CAPTURE(to_value(options).to_string(), constrained, finalize);
    SGD sgd(options);
    Training training;
    training.constrained = constrained;
    training.run(sgd);
    auto parameters = training.parameters();
    if (finalize) sgd.finalize(parameters);
    training.expect(weights);
  };
  SGDOptions options{.learning_rate = 0.1, .use_ema = true, .ema_momentum = 0.8};
  run(options, false, false, {0.85000002, -1.7500002, 0.5, 2.7000003, 0.10000001, -0.64999998});
  run(options, false, true, {0.939152, -1.8680801, 0.31695998, 2.8966081, 0.28304005, -0.48468798});
  run(options, true, false, {0.85000002, 0.2, 0.5, 2.7000003, 0.10000001, -0.64999998});
  run(options, true, true, {0.939152, -0.71680009, 0.31695998, 2.8966081, 0.28304005, -0.48468798});
  options.ema_overwrite_frequency = 2;
  run(options, false, false, {0.91720003, -1.8620001, 0.5, 2.8343997, 0.10000001, -0.49319997});
  run(options, false, true, {0.95720005, -1.902, 0.34, 2.9303999, 0.26000002, -0.43719998});
  run(options, true, false, {0.91720003, 0.050000001, 0.5, 2.8343997, 0.10000001, -0.49319997});
  options.gradient_accumulation_steps = 2;
  run(options, false, false, {0.97800004, -1.9400001, 0.36000001, 2.97, 0.24000001, -0.384});
  options.ema_overwrite_frequency = {};
  run(options, false, true, {0.97240007, -1.932, 0.36800003, 2.9580002, 0.23200002, -0.39520001});
}

TEST_CASE("optimizers step once by the formula", "[optimizers]") {
  const Tensor gradient{3.0f, -4.0f};
  const auto step = [&](Optimizer&& optimizer) {
    Tensor w{1.0f, 1.0f};
    optimizer.apply({gradient}, {&w});
    return std::vector<double>(w.begin(), w.end());
  };
  CHECK(step(SGD({.learning_rate = 0.5})) == std::vector<double>{-0.5, 3.0});
  CHECK(step(SGD({.learning_rate = 0.5, .clipvalue = 1.0})) == std::vector<double>{0.5, 1.5});
  CHECK(step(SGD({.learning_rate = 0.5, .weight_decay = 0.5})) == std::vector<double>{-0.75, 2.75});
  const std::vector<double> clipped = step(SGD({.learning_rate = 1.0, .clipnorm = 2.5}));  // the norm is 5
  CHECK_THAT(clipped[0], WithinAbs(-0.5, keras_tolerance));
  CHECK_THAT(clipped[1], WithinAbs(3.0, keras_tolerance));
  const std::vector<double> rms = step(RMSprop({.learning_rate = 0.5}));  // g / sqrt(0.1 g^2) = sqrt(10)
  CHECK_THAT(rms[0], WithinAbs(1.0 - 0.5 * std::sqrt(10.0), keras_tolerance));
  CHECK_THAT(rms[1], WithinAbs(1.0 + 0.5 * std::sqrt(10.0), keras_tolerance));
  const std::vector<double> adam = step(Adam({.learning_rate = 0.5}));  // m / sqrt(v), corrected: the sign
  CHECK_THAT(adam[0], WithinAbs(0.5, keras_tolerance));
  CHECK_THAT(adam[1], WithinAbs(1.5, keras_tolerance));
}

TEST_CASE("clipping copes with gradients whose square overflows", "[optimizers]") {
  Tensor w{0.0f, 0.0f};
  SGD({.learning_rate = 1.0, .clipnorm = 5.0}).apply({Tensor{3e30f, -4e30f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(-3.0, keras_tolerance));
  CHECK_THAT(w[1], WithinAbs(4.0, keras_tolerance));
  SGD({.global_clipnorm = 5.0}).apply({Tensor{1.0f, std::numeric_limits<float>::infinity()}}, {&w});
  CHECK(std::isnan(w[0]));  // to be seen, not to be hidden
}

namespace {

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

}  // namespace

TEST_CASE("sparse gradients do what the same dense ones do", "[optimizers]") {
  const NonNegative non_negative;
  check_sparse<SGD>(SGDOptions());
  check_sparse<SGD>(SGDOptions{.momentum = 0.9});
  check_sparse<SGD>(SGDOptions{.momentum = 0.9, .nesterov = true});
  check_sparse<RMSprop>(RMSpropOptions());
  check_sparse<RMSprop>(RMSpropOptions{.momentum = 0.5});
  check_sparse<RMSprop>(RMSpropOptions{.centered = true});
  check_sparse<Adam>(AdamOptions());
  check_sparse<Adam>(AdamOptions{.amsgrad = true});
  for (const RMSpropOptions& options :
       {RMSpropOptions{.weight_decay = 0.1}, RMSpropOptions{.clipnorm = 1.0}, RMSpropOptions{.clipvalue = 0.5},
        RMSpropOptions{.global_clipnorm = 1.0}, RMSpropOptions{.use_ema = true, .ema_overwrite_frequency = 10},
        RMSpropOptions{.gradient_accumulation_steps = 3}}) {
    check_sparse<RMSprop>(options);
  }
  check_sparse<RMSprop>(RMSpropOptions(), &non_negative);
}

TEST_CASE("sparse and dense gradients may take turns", "[optimizers]") {
  check_sparse<RMSprop>(RMSpropOptions(), nullptr, 7);
  check_sparse<SGD>(SGDOptions(), nullptr, 7);
  check_sparse<Adam>(AdamOptions(), nullptr, 7);
}

TEST_CASE("a row that rests for very long is caught up", "[optimizers]") {
  // v = 0.1 g^2, then 3000 times 0.99 v.
  RMSprop optimizer({.learning_rate = 1.0, .rho = 0.99, .epsilon = 1e-12});
  std::vector<float> w(2), g{1.0f};
  const std::int32_t first[] = {0}, second[] = {1};
  const auto step = [&](std::span<const std::int32_t> row) {
    std::array<Parameter, 1> parameters{Parameter{w.data(), {2, 1}, nullptr, {g.data(), row, true}}};
    optimizer.apply(parameters);
  };
  step(first);
  for (int i = 0; i < 3000; ++i) step(second);
  w[0] = 0.0f;
  g[0] = 1e-6f;
  step(first);
  const double v = 0.01 * std::pow(0.99, 3001) + 0.01 * 1e-12;
  CHECK_THAT(w[0], WithinAbs(-1e-6 / std::sqrt(v + 1e-12), keras_tolerance));
}

TEST_CASE("a warm step allocates nothing", "[optimizers]") {
  const NonNegative non_negative;
  const auto check = [&](Optimizer&& optimizer, bool sparse) {
    CAPTURE(optimizer.class_name(), optimizer.get_config().to_string(), sparse);
    Table table(sparse, &non_negative);
    table.step(optimizer, 0, false);
    table.step(optimizer, 1, false);
    const testing::AllocationCounter allocations;
    table.step(optimizer, 2, false);
    CHECK(allocations.count() == 0);
  };
  for (const bool sparse : {false, true}) {
    check(SGD({.clipnorm = 1.0}), sparse);
    check(SGD({.momentum = 0.9}), sparse);
    check(RMSprop({.global_clipnorm = 1.0}), sparse);
    check(RMSprop({.momentum = 0.9, .centered = true, .use_ema = true}), sparse);
    check(Adam({.weight_decay = 0.1, .gradient_accumulation_steps = 2}), sparse);
  }
}

TEST_CASE("optimizers take parameters of any shape", "[optimizers]") {
  Adam adam;
  std::vector<float> empty, scalar{1.0f}, g{2.0f};
  std::array<Parameter, 2> parameters{Parameter{empty.data(), {5, 0}, nullptr, {}},
                                      Parameter{scalar.data(), {}, nullptr, {g.data(), {}, false}}};
  for (int i = 0; i < 3; ++i) adam.apply(parameters);
  CHECK_THAT(scalar[0], WithinAbs(0.997, keras_tolerance));
  std::vector<float> table{1, 2};
  std::array<Parameter, 1> untouched{Parameter{table.data(), {2, 1}, nullptr, {nullptr, {}, true}}};
  RMSprop().apply(untouched);
  CHECK((table == std::vector<float>{1, 2}));
}

TEST_CASE("the learning rate of an optimizer can change", "[optimizers]") {
  SGD sgd({.learning_rate = 1.0});
  Tensor w{0.0f};
  sgd.apply({Tensor{1.0f}}, {&w});
  sgd.set_learning_rate(0.25);
  sgd.apply({Tensor{1.0f}}, {&w});
  CHECK(w[0] == -1.25f);
  CHECK(sgd.learning_rate() == 0.25);
  CHECK(sgd.get_config().find("learning_rate")->to_string() == "0.25");
  CHECK(message_of<InvalidArgument>([&] { sgd.set_learning_rate(-1.0); }) ==
        "SGD: learning_rate is -1; expected a finite number >= 0.");
}

TEST_CASE("optimizers are found by name, whatever the case", "[optimizers]") {
  for (const char* name : {"sgd", "SGD", "Sgd"}) CHECK(get(name)->class_name() == "SGD");
  for (const char* name : {"rmsprop", "RMSprop", "RMSProp"}) CHECK(get(name)->class_name() == "RMSprop");
  for (const char* name : {"adam", "Adam"}) CHECK(get(name)->class_name() == "Adam");
  CHECK(get("adam")->learning_rate() == 0.001);
  CHECK(message_of<InvalidArgument>([] { get("adamm"); }) ==
        "optimizer \"adamm\" is unknown; did you mean \"adam\"? Known: adam, rmsprop, sgd.");
}

TEST_CASE("optimizers come back from their configuration", "[optimizers]") {
  const OptimizerArgument adam = Adam({.learning_rate = 0.1, .amsgrad = true, .clipnorm = 1.0});
  const Value value = to_value(adam);
  CHECK(value.to_string() ==
        R"({"class_name": "Adam", "config": {"learning_rate": 0.1, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, )"
        R"("amsgrad": true, "weight_decay": null, "clipnorm": 1, "clipvalue": null, "global_clipnorm": null, )"
        R"("use_ema": false, "ema_momentum": 0.99, "ema_overwrite_frequency": null, "loss_scale_factor": null, )"
        R"("gradient_accumulation_steps": null, "name": "adam"}})");
  CHECK(Optimizer::from_config(value, "optimizer")->get_config() == adam->get_config());
  const Value lower = Value::Dict{{"class_name", "rmsprop"}, {"config", Value::Dict{{"rho", 0.5}}}};
  CHECK(Optimizer::from_config(lower, "optimizer")->get_config().find("rho")->to_string() == "0.5");
  CHECK(Optimizer::from_config("SGD", "optimizer")->class_name() == "SGD");
}

TEST_CASE("optimizers refuse options that cannot be", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { SGD({.momentum = 1.5}); }) == "SGD: momentum is 1.5; expected a number from 0 to 1.");
  CHECK(refuse([] { SGD({.learning_rate = NAN}); }) == "SGD: learning_rate is nan; expected a finite number >= 0.");
  CHECK(refuse([] { RMSprop({.rho = -1}); }) == "RMSprop: rho is -1; expected a number from 0 to 1.");
  CHECK(refuse([] { RMSprop({.momentum = -1}); }) == "RMSprop: momentum is -1; expected a number from 0 to 1.");
  CHECK(refuse([] { RMSprop({.epsilon = -1}); }) == "RMSprop: epsilon is -1; expected a finite number >= 0.");
  CHECK(refuse([] { Adam({.beta_1 = 1}); }) == "Adam: beta_1 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Adam({.beta_2 = 1}); }) == "Adam: beta_2 is 1; expected a number in [0, 1).");
  CHECK(refuse([] { Adam({.weight_decay = -0.1}); }) == "Adam: weight_decay is -0.1; expected a finite number >= 0.");
  CHECK(refuse([] { Adam({.clipnorm = 0}); }) ==
        "Adam: clipnorm is 0; expected a positive number, or nothing for no clipping.");
  CHECK(refuse([] { Adam({.clipnorm = 1, .clipvalue = 0.5}); }) ==
        "Adam: clipnorm is 1, clipvalue is 0.5 and global_clipnorm is None; expected at most one of them.");
  CHECK(refuse([] { Adam({.ema_momentum = 2}); }) == "Adam: ema_momentum is 2; expected a number from 0 to 1.");
  CHECK(refuse([] { Adam({.ema_overwrite_frequency = 0}); }) ==
        "Adam: ema_overwrite_frequency is 0; expected an integer >= 1, or nothing.");
  CHECK(refuse([] { Adam({.gradient_accumulation_steps = 1}); }) ==
        "Adam: gradient_accumulation_steps is 1; expected an integer >= 2, or nothing.");
  CHECK(refuse([] { Adam({.loss_scale_factor = 1024}); }) ==
        "Adam: loss_scale_factor is 1024; expected nothing. It is for training in half precision, which xeras does not "
        "have: leave it out.");
}

TEST_CASE("optimizers refuse parameters that are not those of the first step", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  Tensor a{1.0f, 2.0f}, b{3.0f}, matrix{{1.0f, 2.0f}};
  Adam adam;
  CHECK(refuse([&] { adam.apply({a}, {&a, &b}); }) == "Adam: 1 gradients for 2 parameters; expected one for each.");
  CHECK(refuse([&] { adam.apply({matrix}, {&a}); }) ==
        "Adam: gradient 0 has shape (1, 2) and its parameter (2,); expected the same shape.");
  CHECK(refuse([&] { adam.apply({a}, {nullptr}); }) ==
        "Adam: parameter 0 is null; expected a tensor of at most 8 axes.");
  std::array<Parameter, 1> without_gradient{Parameter{a.data(), {2}, nullptr, {}}};
  CHECK(refuse([&] { adam.apply(without_gradient); }) == "Adam: parameter 0 has no gradient; expected one for each.");
  adam.apply({a}, {&a});
  CHECK(
      refuse([&] {
        adam.apply({a, b}, {&a, &b});
      }) ==
      "Adam: 2 parameters; expected the 1 of the first step, since the state is kept by position. Take a new optimizer "
      "for another model.");
  CHECK(refuse([&] { adam.apply({b}, {&b}); }) ==
        "Adam: parameter 0 has 1 values; expected the 2 of the first step, since the state is kept by position. Take a "
        "new optimizer for another model.");
}

namespace {

// Optimizers of one's own, complete: from nothing, and a rule.
class SignDescent final : public Optimizer {
 public:
  using Optimizer::apply;
  void apply(std::span<Parameter> parameters) override {
    for (const Parameter& p : parameters) {
      for (std::int64_t i = 0; i < p.extents.size(); ++i) {
        p.values[i] -= std::copysign(static_cast<float>(rate_), p.gradient.values[i]);
      }
    }
    ++iterations_;
  }
  double learning_rate() const override { return rate_; }
  void set_learning_rate(double rate) override { rate_ = rate; }
  std::int64_t iterations() const override { return iterations_; }
  Value get_config() const override { return Value::Dict{}; }

 private:
  double rate_ = 0.5;
  std::int64_t iterations_ = 0;
};

class Adagrad final : public OptimizerWith<SGDOptions> {
 public:
  explicit Adagrad(SGDOptions options) : OptimizerWith("Adagrad", std::move(options)) {}

 protected:
  std::size_t slot_count() const override { return 1; }
  void update(const Step& step, const Stretch& part) const override {
    for (std::size_t i = 0; i < part.size; ++i) {
      part.slots[0][i] += part.g[i] * part.g[i];
      part.w[i] -= static_cast<float>(step.learning_rate) * part.g[i] / std::sqrt(part.slots[0][i] + 1e-7f);
    }
  }
  AtRest at_rest() const override { return AtRest::still; }
};

}  // namespace

TEST_CASE("an optimizer of one's own derives from Optimizer", "[optimizers]") {
  const OptimizerArgument optimizer = SignDescent();
  Tensor w{1.0f, 1.0f};
  optimizer->apply({Tensor{3.0f, -0.1f}}, {&w});
  CHECK((w == Tensor{0.5f, 1.5f}));
  CHECK(optimizer->iterations() == 1);
  check_sparse<Adagrad>(SGDOptions{.clipnorm = 1.0});
}

TEST_CASE("optimizers take the learning rate without its name", "[optimizers]") {
  CHECK(optimizers::SGD(1).learning_rate() == 1.0);
  CHECK(optimizers::RMSprop(0.5f).learning_rate() == 0.5);
  CHECK(optimizers::Adam(0.25).learning_rate() == 0.25);
  CHECK(optimizers::Adam(optimizers::InverseTimeDecay{.initial_learning_rate = 0.125}).learning_rate() == 0.125);
}
