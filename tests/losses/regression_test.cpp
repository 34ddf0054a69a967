#include "xeras/losses/regression.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

// Keras 3.15.1, numpy: keras.losses.MeanSquaredError()(y, p, sample_weight=weights).
TEST_CASE("regression losses give the numbers of Keras", "[losses]") {
  const Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}}, p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};
  const Input weights{0.5f, 2.0f};
  const auto expect = [](double loss, double keras) { CHECK_THAT(loss, WithinRel(keras, loss_tolerance)); };
  expect(MeanSquaredError()(y_binary, p_binary), 0.0604166649);
  expect(MeanSquaredError()(y_binary, p_binary, weights), 0.108333334);
  expect(MeanSquaredError({.reduction = "mean"})(y_binary, p_binary, weights), 0.108333334);
  expect(MeanSquaredError({.reduction = "sum"})(y_binary, p_binary), 0.12083333);
  expect(MeanSquaredError({.reduction = "sum"})(y_binary, p_binary, weights), 0.216666669);
  expect(MeanSquaredError({.reduction = "mean_with_sample_weight"})(y_binary, p_binary), 0.0604166649);
  expect(MeanSquaredError({.reduction = "mean_with_sample_weight"})(y_binary, p_binary, weights), 0.086666666);
  expect(MeanAbsoluteError()(y_binary, p_binary), 0.208333328);
  expect(MeanAbsoluteError()(y_binary, p_binary, weights), 0.341666669);
}

TEST_CASE("regression losses have the gradients of their formulas", "[losses]") {
  const LossBatch some = probabilities(false);
  check_gradients<MeanSquaredError>(some, mean_of([](double y, double p) { return (y - p) * (y - p); }),
                                    MeanSquaredErrorOptions());
  check_gradients<MeanAbsoluteError>(some, mean_of([](double y, double p) { return std::abs(y - p); }),
                                     MeanAbsoluteErrorOptions());
}

TEST_CASE("regression losses take rows of any width", "[losses]") {
  for (const std::int64_t columns : {1, 2, 255, 256, 257, 1000}) {
    CAPTURE(columns);
    const LossBatch batch = wide(columns);
    const std::vector<double> predictions(batch.p.begin(), batch.p.end());
    const double expected =
        reference(batch, predictions, mean_of([](double y, double p) { return (y - p) * (y - p); }), "mean");
    CHECK_THAT(batch.loss(MeanSquaredError()), WithinAbs(expected, loss_tolerance * std::max(1.0, expected)));
  }
}
