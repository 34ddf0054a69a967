#include "xeras/losses/regression.hpp"

#include <cmath>
#include <numeric>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

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
  const LossBatch signed_batch{.y = {-1, 0.5f, 2, 1.5f, -0.25f, -2},
                               .p = {-0.8f, 1, -0.5f, 3, -0.5f, -1.75f},
                               .true_columns = 2,
                               .pred_columns = 2};
  const LossBatch some = probabilities(false);
  check_gradients<MeanSquaredError>(some, mean_of([](double y, double p) { return (y - p) * (y - p); }),
                                    MeanSquaredErrorOptions());
  check_gradients<MeanAbsoluteError>(some, mean_of([](double y, double p) { return std::abs(y - p); }),
                                     MeanAbsoluteErrorOptions());
  check_gradients<MeanAbsolutePercentageError>(
      signed_batch, mean_of([](double y, double p) { return 100.0 * std::abs(y - p) / std::abs(y); }),
      MeanAbsolutePercentageErrorOptions());
  check_gradients<MeanSquaredLogarithmicError>(
      some, mean_of([](double y, double p) { return std::pow(std::log1p(p) - std::log1p(std::max(y, 1e-7)), 2.0); }),
      MeanSquaredLogarithmicErrorOptions());
  const auto huber = [](double delta) {
    return mean_of([delta](double y, double p) {
      const double e = std::abs(p - y);
      return e <= delta ? e * e / 2.0 : delta * e - delta * delta / 2.0;
    });
  };
  check_gradients<Huber>(signed_batch, huber(1.0), HuberOptions());
  check_gradients<Huber>(signed_batch, huber(0.3), HuberOptions{.delta = 0.3});
  check_gradients<LogCosh>(signed_batch, mean_of([](double y, double p) { return std::log(std::cosh(p - y)); }),
                           LogCoshOptions());
  const RowFormula cosine = [](const std::vector<double>& y, const std::vector<double>& p) {
    const auto dot = [](const auto& a, const auto& b) {
      return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
    };
    return -dot(y, p) / std::sqrt(dot(y, y) * dot(p, p));
  };
  check_gradients<CosineSimilarity>(signed_batch, cosine, CosineSimilarityOptions());
}

// JAX gives the same derivatives, but -1 instead of 0 where y = p in the first, and NaN for a row of zeros.
TEST_CASE("regression losses have gradients at the corners of their formulas", "[losses]") {
  const auto gradient = [](const Loss& loss, std::vector<float> y, std::vector<float> p) {
    const auto columns = static_cast<std::int64_t>(p.size());
    std::vector<float> dp;
    LossBatch{.y = std::move(y), .p = std::move(p), .true_columns = columns, .pred_columns = columns}.loss(loss, &dp);
    return dp;
  };
  CHECK((gradient(MeanAbsolutePercentageError(), {1, 4}, {1, 2}) == std::vector<float>{0, -12.5f}));
  CHECK((gradient(Huber(), {1, 1, 1, 1}, {1, 2, 0, 3}) == std::vector<float>{0, 0.25f, -0.25f, 0.25f}));
  const std::vector<float> msle = gradient(MeanSquaredLogarithmicError(), {1, 1, 1}, {1e-7f, 0, -2});
  CHECK_THAT(msle[0], WithinRel(-0.231049, 1e-6));
  CHECK((msle[1] == 0.0f && msle[2] == 0.0f));
  CHECK((gradient(CosineSimilarity(), {1, 1}, {0, 0}) == std::vector<float>{0, 0}));
  CHECK((gradient(CosineSimilarity(), {0, 0}, {1, 0}) == std::vector<float>{0, 0}));
  const std::vector<float> cosine = gradient(CosineSimilarity(), {1, 2}, {1e-9f, 0});
  CHECK_THAT(cosine[0], WithinRel(-4.472136e6, 1e-6));
  CHECK_THAT(cosine[1], WithinRel(-8.944272e6, 1e-6));
}

TEST_CASE("regression losses stay finite for extreme numbers", "[losses]") {
  CHECK(CosineSimilarity()({{0, 0}, {1, 1}}, {{1, 1}, {0, 0}}) == 0.0);
  CHECK_THAT(CosineSimilarity()({{1e30f, 0.0f}}, {{1e30f, 0.0f}}), WithinRel(-1.0, 1e-6));
  CHECK_THAT(MeanAbsolutePercentageError()({0.0, 0.0}, {1.0, 0.0}), WithinRel(5e8, 1e-6));
  CHECK_THAT(LogCosh()({0.0, 0.0}, {1e4, -1e4}), WithinRel(1e4 - std::log(2.0), 1e-6));
  CHECK_THAT(LogCosh()({0.0}, {1e-4}), WithinRel(5e-9, 1e-6));
  std::vector<float> dp;
  LossBatch{.y = {0, 0}, .p = {1e4f, -1e4f}}.loss(LogCosh({.reduction = "sum"}), &dp);
  CHECK((dp == std::vector<float>{1, -1}));
}

TEST_CASE("regression losses refuse invalid options", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { CosineSimilarity({.axis = 1}); }) ==
        "cosine_similarity: axis is 1; expected -1, the last. Permute the axes before the loss.");
  CHECK(message_of<InvalidArgument>([] { Huber({.delta = 0.0}); }) ==
        "huber_loss: delta is 0; expected a positive number.");
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
