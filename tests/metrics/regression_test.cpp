#include "xeras/metrics/regression.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/twice.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

const MetricRows rows;

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("regression metrics give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, metric_tolerance)); };
  expect(twice(MeanSquaredError(), rows.y_soft, rows.p_binary), 0.0458333306);
  expect(twice(MeanSquaredError(), rows.y_soft, rows.p_binary, rows.weights), 0.0484848469);
  expect(twice(MeanAbsoluteError(), rows.y_soft, rows.p_binary), 0.172222212);
  expect(twice(MeanAbsoluteError(), rows.y_soft, rows.p_binary, rows.weights), 0.178787887);
}

// The examples of Keras's documentation.
TEST_CASE("RootMeanSquaredError takes the root at the end", "[metrics]") {
  RootMeanSquaredError metric;
  CHECK(metric.result() == 0.0);
  metric.update_state({{0, 1}, {0, 0}}, {{1, 1}, {0, 0}});
  CHECK(metric.result() == 0.5);
  metric.update_state({{0, 1}}, {{0, 1}}, {0.0});
  CHECK(metric.result() == 0.5);
  CHECK(metric.direction() == Direction::down);
}

TEST_CASE("R2Score is 1 for right predictions and 0 for constant targets", "[metrics]") {
  R2Score metric;
  CHECK(metric.result() == 0.0);
  metric.update_state({{1}, {4}, {3}}, {{2}, {4}, {4}});
  CHECK_THAT(metric.result(), WithinRel(0.57142854, metric_tolerance));
  metric.reset_state();
  metric.update_state({{1}, {1}}, {{2}, {1}});
  CHECK(metric.result() == 0.0);
  R2Score columns({.class_aggregation = {}});
  columns.update_state({{1, 1}, {2, 4}, {3, 3}}, {{1, 2}, {2, 4}, {3, 4}});
  CHECK(columns.results()(0) == 1.0f);
  CHECK_THAT(columns.results()(1), WithinRel(0.57142854, metric_tolerance));
  CHECK(columns.direction() == Direction::up);
}

TEST_CASE("R2Score leaves masked rows out", "[metrics]") {
  const float y[] = {1, 2, 50, 3}, p[] = {1, 2, 0, 3};
  const std::uint8_t mask[] = {1, 1, 0, 1};
  R2Score adjusted({.num_regressors = 1});
  adjusted.update({y, p, 4, 1, 1, mask, nullptr});
  CHECK(adjusted.result() == 1.0);
}

TEST_CASE("R2Score refuses options out of range", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { R2Score({.class_aggregation = "mean"}); }) ==
        "r2_score: class_aggregation \"mean\" is unknown; expected one of the known names. Known: uniform_average, "
        "variance_weighted_average.");
  CHECK(message_of<InvalidArgument>([] { R2Score({.num_regressors = -1}); }) ==
        "r2_score: num_regressors is -1; expected 0 or a positive integer.");
  R2Score metric;
  metric.update_state({{0, 1}}, {{0, 1}});
  CHECK(message_of<InvalidInput>([&] { metric.update_state({{0}}, {{0}}); }) ==
        "r2_score: the prediction has 1 columns, and that of an earlier batch 2; expected the same number.");
}

TEST_CASE("CosineSimilarity is the cosine, not its negative", "[metrics]") {
  CosineSimilarity metric;
  metric.update_state({{0, 1}, {1, 1}}, {{1, 0}, {1, 1}});
  CHECK_THAT(metric.result(), WithinRel(0.49999997, metric_tolerance));
  CHECK(metric.direction() == Direction::up);
}
