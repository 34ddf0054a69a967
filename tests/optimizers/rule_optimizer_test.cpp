#include "xeras/optimizers/rule_optimizer.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/optimizer_training.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;
using testing::adam_tolerance;
using testing::expect;
using testing::keras_tolerance;
using testing::NonNegative;
using testing::Table;
using testing::Training;

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
  CHECK(plain.iterations() == 5);
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
  CHECK_THAT(adam[0], WithinAbs(0.5, adam_tolerance));
  CHECK_THAT(adam[1], WithinAbs(1.5, adam_tolerance));
}

TEST_CASE("clipping copes with gradients whose square overflows", "[optimizers]") {
  Tensor w{0.0f, 0.0f};
  SGD({.learning_rate = 1.0, .clipnorm = 5.0}).apply({Tensor{3e30f, -4e30f}}, {&w});
  CHECK_THAT(w[0], WithinAbs(-3.0, keras_tolerance));
  CHECK_THAT(w[1], WithinAbs(4.0, keras_tolerance));
  SGD({.global_clipnorm = 5.0}).apply({Tensor{1.0f, std::numeric_limits<float>::infinity()}}, {&w});
  CHECK(std::isnan(w[0]));  // to be seen, not to be hidden
}

TEST_CASE("sparse gradients do what the same dense ones do", "[optimizers]") {
  const NonNegative non_negative;
  testing::check_sparse<SGD>(SGDOptions());
  testing::check_sparse<SGD>(SGDOptions{.momentum = 0.9});
  testing::check_sparse<SGD>(SGDOptions{.momentum = 0.9, .nesterov = true});
  testing::check_sparse<RMSprop>(RMSpropOptions());
  testing::check_sparse<RMSprop>(RMSpropOptions{.momentum = 0.5});
  testing::check_sparse<RMSprop>(RMSpropOptions{.centered = true});
  testing::check_sparse<Adam>(AdamOptions());
  testing::check_sparse<Adam>(AdamOptions{.amsgrad = true});
  for (const RMSpropOptions& options :
       {RMSpropOptions{.weight_decay = 0.1}, RMSpropOptions{.clipnorm = 1.0}, RMSpropOptions{.clipvalue = 0.5},
        RMSpropOptions{.global_clipnorm = 1.0}, RMSpropOptions{.use_ema = true, .ema_overwrite_frequency = 10},
        RMSpropOptions{.gradient_accumulation_steps = 3}}) {
    testing::check_sparse<RMSprop>(options);
  }
  testing::check_sparse<RMSprop>(RMSpropOptions(), &non_negative);
}

TEST_CASE("sparse and dense gradients may take turns", "[optimizers]") {
  testing::check_sparse<RMSprop>(RMSpropOptions(), nullptr, 7);
  testing::check_sparse<SGD>(SGDOptions(), nullptr, 7);
  testing::check_sparse<Adam>(AdamOptions(), nullptr, 7);
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

TEST_CASE("optimizers refuse options that are invalid", "[optimizers]") {
  const auto refuse = [](const std::function<void()>& f) { return message_of<InvalidArgument>(f); };
  CHECK(refuse([] { SGD({.learning_rate = NAN}); }) == "SGD: learning_rate is nan; expected a finite number >= 0.");
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
