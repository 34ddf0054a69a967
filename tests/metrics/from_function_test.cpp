#include "xeras/metrics/from_function.hpp"

#include <algorithm>
#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::metrics;

namespace {

double largest(std::span<const float>, std::span<const float> p) { return *std::ranges::max_element(p); }

}  // namespace

TEST_CASE("from_function averages a function of rows", "[metrics]") {
  FunctionMetric metric = from_function("largest", largest, Direction::up);
  metric.update_state({{0, 0}, {0, 0}}, {{1.0, 7.0}, {3.0, 2.0}});
  CHECK(metric.result() == 5.0);
  CHECK(metric.clone()->result() == 5.0);
  metric.update_state({{0, 0}}, {{2.0, 9.0}}, {0.0});
  CHECK(metric.result() == 5.0);
  metric.reset_state();
  CHECK(metric.result() == 0.0);
  CHECK(metric.name() == "largest");
  CHECK(metric.direction() == Direction::up);
  CHECK(from_function("largest", largest).direction() == Direction::none);
}

TEST_CASE("from_function takes targets of any width", "[metrics]") {
  FunctionMetric metric = from_function("hit", [](std::span<const float> y, std::span<const float> p) {
    return p[static_cast<std::size_t>(y[0])] > 0.5f ? 1.0 : 0.0;
  });
  metric.update_state({1, 0}, {{0.1, 0.9}, {0.2, 0.8}});
  CHECK(metric.result() == 0.5);
}

TEST_CASE("from_function needs a name and a function", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { from_function("", largest); }) ==
        "from_function: the name is empty; expected one, such as \"my_metric\".");
  CHECK(message_of<InvalidArgument>([] { from_function("largest", nullptr); }) ==
        "from_function: metric \"largest\" has no function; expected one that returns the value of a row.");
}

TEST_CASE("a metric from a function trains with a model", "[metrics]") {
  Sequential model{layers::Dense(1, {.kernel_initializer = "ones", .input_shape = {1}})};
  // [from function]
  const auto within = [](std::span<const float> y, std::span<const float> p) {
    return std::abs(y[0] - p[0]) < 0.1f ? 1.0 : 0.0;
  };
  model.compile("sgd", "mse", metrics::from_function("within", within, metrics::Direction::up));
  // [from function]
  CHECK(model.test_on_batch({{1.0}, {3.0}}, {1.05, 4.0})["within"] == 0.5);
  model.compile("sgd", "mse", {from_function("largest", largest)}, {.weighted_metrics = from_function("w", largest)});
  const Scores scores = model.test_on_batch({{1.0}, {3.0}}, {1.0, 3.0}, {.sample_weight = {1.0, 0.0}});
  CHECK(scores["largest"] == 2.0);
  CHECK(scores["w"] == 1.0);
}
