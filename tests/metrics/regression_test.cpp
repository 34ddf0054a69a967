#include "xeras/metrics/regression.hpp"

#include "catch.hpp"
#include "support/twice.hpp"

using namespace xeras;
using namespace xeras::metrics;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

const Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}};
const Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};
const Input weights{0.5f, 2.0f};

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("regression metrics give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, metric_tolerance)); };
  expect(twice(MeanSquaredError(), y_binary, p_binary), 0.0458333306);
  expect(twice(MeanSquaredError(), y_binary, p_binary, weights), 0.0484848469);
  expect(twice(MeanAbsoluteError(), y_binary, p_binary), 0.172222212);
  expect(twice(MeanAbsoluteError(), y_binary, p_binary, weights), 0.178787887);
}
