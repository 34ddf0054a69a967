#include "xeras/metrics/mean_metric.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/twice.hpp"
#include "xeras/metrics.hpp"

using namespace xeras;
using namespace xeras::metrics;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

struct FirstColumnOptions {
  double power = 1.0;
  std::optional<std::string> reduction = "sum";
  std::string name = "first_column";
};
XERAS_FIELDS(FirstColumnOptions, power, reduction, name)

// A loss of one's own: the power of the first prediction of a row.
class FirstColumn final : public losses::LossWith<FirstColumnOptions> {
 public:
  using LossWith::LossWith;

 protected:
  void rows(const Targets& t, float* values, float*) const override {
    for (std::int64_t r = 0; r < t.rows; ++r) {
      values[r] = std::pow(t.y_pred[r * t.pred_columns], static_cast<float>(config().power));
    }
  }
};

struct MeanPowerOptions {
  std::string name = "mean_power";
  double power = 2.0;
};
XERAS_FIELDS(MeanPowerOptions, name, power)
XERAS_LOSS_METRIC(MeanPower, FirstColumn)
XERAS_LOSS_METRIC(MeanFirst, FirstColumn, "mean_first")

}  // namespace

// Keras 3.15.1, jax: a y_pred (2, 3, 1) that carries a mask.
TEST_CASE("metrics leave masked rows out", "[metrics]") {
  const std::vector<float> y{1, 0, 1, 1, 0, 1}, p{0.6f, 0.2f, 0.3f, 0.8f, 0.7f, 0.1f};
  const std::vector<float> w{0.5f, 1, 2, 3, 1, 1};
  const std::vector<std::uint8_t> mask{1, 1, 0, 1, 0, 0};
  Targets targets{y.data(), p.data(), 6, 1, 1, mask.data(), nullptr};
  BinaryCrossentropy crossentropy;
  BinaryAccuracy accuracy;
  crossentropy.update(targets);
  accuracy.update(targets);
  CHECK_THAT(crossentropy.result(), WithinRel(0.319037557, metric_tolerance));
  CHECK(accuracy.result() == 1.0);
  crossentropy.reset_state();
  targets.sample_weight = w.data();
  crossentropy.update(targets);
  CHECK_THAT(crossentropy.result(), WithinRel(0.255108207, metric_tolerance));
}

TEST_CASE("metrics are 0 before the first row and where no row counts", "[metrics]") {
  MeanSquaredError metric;
  CHECK(metric.result() == 0.0);
  const float y[] = {1, std::numeric_limits<float>::quiet_NaN()}, p[] = {2, 3};
  const std::uint8_t none[] = {0, 0};
  metric.update({y, p, 2, 1, 1, none, nullptr});
  CHECK(metric.result() == 0.0);
  metric.update({y, p, 0, 1, 1, nullptr, nullptr});
  CHECK(metric.result() == 0.0);
  metric.update_state({1.0, 2.0}, {3.0, 2.0});
  CHECK(metric.result() == 2.0);
  metric.reset_state();
  CHECK(metric.result() == 0.0);
}

// Keras 3.15.1: Mean reduces the values of a sample to their mean first.
TEST_CASE("a sample counts equally in batches of any length", "[metrics]") {
  MeanAbsoluteError metric;
  metric.update_state({{{0.0f}, {0.0f}, {0.0f}, {0.0f}}}, {{{1.0f}, {1.0f}, {1.0f}, {1.0f}}});
  metric.update_state({{{0.0f}}}, {{{3.0f}}});
  CHECK(metric.result() == 2.0);
}

TEST_CASE("a clone of a metric goes its own way", "[metrics]") {
  MeanSquaredError metric;
  metric.update_state({1.0}, {3.0});
  const std::shared_ptr<Metric> clone = metric.clone();
  CHECK(clone->result() == 4.0);
  clone->update_state({1.0}, {1.0});
  CHECK(clone->result() == 2.0);
  CHECK(metric.result() == 4.0);
}

TEST_CASE("metrics count exactly over many rows", "[metrics]") {
  const std::size_t n = 1000;
  std::vector<float> y(n), p(n, 0.75f);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 4 == 0 ? 0.0f : 1.0f;
  BinaryAccuracy metric;
  const testing::AllocationCounter allocations;
  for (int i = 0; i < 50; ++i)
    metric.update({y.data(), p.data(), static_cast<std::int64_t>(n), 1, 1, nullptr, nullptr});
  CHECK(allocations.count() == 0);
  CHECK(metric.result() == 0.75);
}

TEST_CASE("LossMetric is the mean of a loss of one's own, with its options", "[metrics]") {
  const Input y{{0, 0}, {0, 0}}, p{{1.0, 7.0}, {3.0, 7.0}};
  MeanPower power;
  power.update_state(y, p);
  CHECK(power.result() == 5.0);
  MeanPower third({.power = 3.0});
  third.update_state(y, p, {1.0, 3.0});
  CHECK(third.result() == 20.5);  // (1 + 3 * 27) / 4
  MeanFirst first;
  first.update_state(y, p);
  CHECK(first.result() == 2.0);
  CHECK(first.name() == "mean_first");
  CHECK(MeanFirst({.name = "first"}).name() == "first");
  CHECK(power.class_name() == "MeanPower");
  CHECK(power.get_config().to_string() == R"({"name": "mean_power", "power": 2})");
  CHECK(power.direction() == Direction::down);
}
