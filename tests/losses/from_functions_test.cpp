#include "xeras/losses/from_functions.hpp"

#include <cmath>
#include <stdexcept>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;

namespace {

using Numbers = std::span<const float>;

double value(Numbers y, Numbers p) { return (p[0] - y[0]) * (p[0] - y[0]); }
void gradient(Numbers y, Numbers p, std::span<float> dp) { dp[0] = 2.0f * (p[0] - y[0]); }

Sequential one_weight() {
  return Sequential{layers::Dense(1, {.use_bias = false, .kernel_initializer = "ones", .input_shape = {1}})};
}

const Input x{{1.0}, {2.0}}, zeros{{0.0}, {0.0}};

}  // namespace

TEST_CASE("a loss of two functions takes part in training, masks and weights", "[losses]") {
  const FunctionLoss loss = from_functions("square", value, gradient);
  LossBatch batch{.y = {0, 1, 2}, .p = {1, 3, 2.5f}, .mask = {1, 0, 1}, .weight = {1, 1, 2}};
  check_gradient(loss, batch, mean_of([](double y, double p) { return (p - y) * (p - y); }), "mean");
  CHECK(loss(x, zeros, {1.0, 3.0}) == 6.5);
  Sequential model = one_weight();
  model.compile(optimizers::SGD({.learning_rate = 0.1}), loss);
  CHECK(model.train_on_batch(x, zeros)["loss"] == 2.5);
  CHECK(std::abs(model.get_weights()[0](0, 0) - 0.5f) < 1e-6f);  // 1 - 0.1 * (2 * 1 + 2 * 4) / 2
}

TEST_CASE("the page on losses shows a loss of two functions", "[losses]") {
  using namespace layers;
  // [from functions]
  const auto value = [](std::span<const float> y, std::span<const float> p) {
    return p[0] > y[0] ? 2.0 * (p[0] - y[0]) : 1.0 * (y[0] - p[0]);
  };
  const auto gradient = [](std::span<const float> y, std::span<const float> p, std::span<float> dp) {
    dp[0] = p[0] > y[0] ? 2.0f : -1.0f;
  };
  Sequential model{Dense(1, {.input_shape = {2}})};
  model.compile("adam", losses::from_functions("too_much", value, gradient));
  // [from functions]
  CHECK(model.evaluate({{0.0, 0.0}}, {{3.0}}, {.verbose = 0})["loss"] == 3.0);
}

TEST_CASE("a loss of two functions may take class numbers", "[losses]") {
  const auto right = [](Numbers y, Numbers p) { return 1.0 - p[static_cast<std::size_t>(y[0])]; };
  const auto slope = [](Numbers y, Numbers p, std::span<float> dp) {
    for (std::size_t c = 0; c < p.size(); ++c) dp[c] = static_cast<float>(c) == y[0] ? -1.0f : 0.0f;
  };
  const FunctionLoss loss = from_functions("miss", right, slope, TargetKind::labels);
  CHECK(loss({1, 0}, {{0.25, 0.75}, {0.5, 0.5}}) == 0.375);
  CHECK_THROWS_AS(loss({2, 0}, {{0.25, 0.75}, {0.5, 0.5}}), InvalidInput);
}

TEST_CASE("an exception of a loss of two functions leaves the model as it was", "[losses]") {
  for (const bool in_value : {false, true}) {
    int calls = 0;
    const auto fail = [&calls] {
      if (++calls == 4) throw std::runtime_error("the disk is full");
    };
    const auto failing_value = [&](Numbers y, Numbers p) {
      if (in_value) fail();
      return value(y, p);
    };
    const auto failing_gradient = [&](Numbers y, Numbers p, std::span<float> dp) {
      if (!in_value) fail();
      gradient(y, p, dp);
    };
    Sequential model = one_weight(), expected = one_weight();
    expected.compile(optimizers::SGD({.learning_rate = 0.1}), "mse");
    expected.train_on_batch(x, zeros);
    model.compile(optimizers::SGD({.learning_rate = 0.1}), from_functions("square", failing_value, failing_gradient));
    model.train_on_batch(x, zeros);
    CHECK(message_of<std::runtime_error>([&] { model.train_on_batch(x, zeros); }) == "the disk is full");
    CHECK((model.get_weights()[0] == expected.get_weights()[0]));
    model.train_on_batch(x, zeros);
    expected.train_on_batch(x, zeros);
    CHECK((model.get_weights()[0] == expected.get_weights()[0]));
  }
}

TEST_CASE("a loss of two functions says what it lacks", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { from_functions("", value, gradient); }) ==
        "from_functions: the name is empty; expected a name, which files keep. Name the loss.");
  CHECK(message_of<InvalidArgument>([] { from_functions("a", nullptr, gradient); }) ==
        "from_functions: value of \"a\" is empty; expected a function. Pass a function.");
  CHECK(message_of<InvalidArgument>([] { from_functions("a", value, nullptr); }) ==
        "from_functions: gradient of \"a\" is empty; expected a function. Pass a function.");
}
