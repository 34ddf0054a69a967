#include "xeras/losses/probabilistic.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

// The arrays behind the numbers from Keras.
const Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}};
const Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};  // 1 and 0 are clipped
const Input x_binary{{-2.0f, 3.0f, 0.5f}, {0.0f, -20.0f, 40.0f}};
const Input y_classes{{0.0f, 1.0f, 0.0f}, {0.2f, 0.3f, 0.5f}};
const Input p_classes{{0.1f, 0.7f, 0.3f}, {0.5f, 0.0f, 1.5f}};  // rows do not add up to 1
const Input x_classes{{1.0f, 2.0f, -3.0f}, {100.0f, 0.0f, -50.0f}};
const Input weights{0.5f, 2.0f};
const Input y_labels{1, 2, 0, 1};
const Input p_labels{{0.1f, 0.7f, 0.3f}, {0.2f, 0.3f, 0.5f}, {1.0f, 0.0f, 0.0f}, {0.9f, 0.0f, 0.3f}};
const Input x_labels{{1.0f, 2.0f, -3.0f}, {0.0f, 0.5f, -1.0f}, {100.0f, 0.0f, -50.0f}, {3.0f, 2.0f, 1.0f}};
const Input label_weights{0.5f, 2.0f, 1.0f, 3.0f};

// To the bounds in float: 1 - 1e-7 is 0.99999988 there.
double clip(double p) { return std::min(std::max(p, 1e-7), static_cast<double>(1.0f - 1e-7f)); }

RowFormula crossentropy(bool from_logits, double smoothing, bool labels) {
  return [=](const std::vector<double>& y, const std::vector<double>& p) {
    double sum = 0.0, result = 0.0;
    for (const double value : p) sum += from_logits ? std::exp(value) : value;
    for (std::size_t c = 0; c < p.size(); ++c) {
      const double plain = labels ? (y[0] == static_cast<double>(c) ? 1.0 : 0.0) : y[c];
      const double target = plain * (1.0 - smoothing) + smoothing / static_cast<double>(p.size());
      result -= target * (from_logits ? p[c] - std::log(sum) : std::log(clip(p[c] / sum)));
    }
    return result;
  };
}

double binary(double y, double p, double s = 0.0) {
  y = y * (1.0 - s) + s / 2.0;
  return -(y * std::log(clip(p)) + (1.0 - y) * std::log(1.0 - clip(p)));
}
double binary_of_logit(double y, double x, double s = 0.0) {
  y = y * (1.0 - s) + s / 2.0;
  return y * std::log1p(std::exp(-x)) + (1.0 - y) * std::log1p(std::exp(x));
}

}  // namespace

// Keras 3.15.1, e.g. keras.losses.BinaryCrossentropy()(y_binary, p_binary, sample_weight=weights); numpy backend, and
// jax for the logits of binary_crossentropy, which numpy clips.
TEST_CASE("crossentropies give the numbers of Keras", "[losses]") {
  const auto expect = [](double loss, double keras) { CHECK_THAT(loss, WithinRel(keras, loss_tolerance)); };
  expect(BinaryCrossentropy()(y_binary, p_binary), 0.870921373);
  expect(BinaryCrossentropy()(y_binary, p_binary, weights), 1.65971673);
  expect(BinaryCrossentropy({.label_smoothing = 0.2})(y_binary, p_binary), 1.35154998);
  expect(BinaryCrossentropy({.label_smoothing = 0.2})(y_binary, p_binary, weights), 2.13282633);
  expect(BinaryCrossentropy({.from_logits = true})(y_binary, x_binary), 5.22379017);
  expect(BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.2})(y_binary, x_binary), 5.31545687);
  expect(CategoricalCrossentropy()(y_classes, p_classes), 2.85425711);
  expect(CategoricalCrossentropy()(y_classes, p_classes, weights), 5.36952496);
  expect(CategoricalCrossentropy({.label_smoothing = 0.2})(y_classes, p_classes), 3.01477981);
  expect(CategoricalCrossentropy({.label_smoothing = 0.2})(y_classes, p_classes, weights), 5.55091047);
  expect(CategoricalCrossentropy({.from_logits = true})(y_classes, x_classes), 52.6590881);
  expect(CategoricalCrossentropy({.from_logits = true, .label_smoothing = 0.2})(y_classes, x_classes), 50.6924248);
  expect(SparseCategoricalCrossentropy()(y_labels, p_labels), 4.31580687);
  expect(SparseCategoricalCrossentropy()(y_labels, p_labels, label_weights), 12.491643);
  expect(SparseCategoricalCrossentropy({.from_logits = true})(y_labels, x_labels), 0.957477927);
}

// Keras 3.15.1, jax: SparseCategoricalCrossentropy(ignore_class=1, reduction=...)(y_labels, p_labels,
// sample_weight=...).
TEST_CASE("SparseCategoricalCrossentropy leaves ignore_class out of sums and counts", "[losses]") {
  const auto loss = [](const char* reduction, const Input& sample_weight) {
    return SparseCategoricalCrossentropy({.ignore_class = 1, .reduction = reduction})(y_labels, p_labels,
                                                                                      sample_weight);
  };
  CHECK_THAT(loss("sum_over_batch_size", {}), WithinRel(0.346573651, loss_tolerance));
  CHECK_THAT(loss("sum_over_batch_size", label_weights), WithinRel(0.693147242, loss_tolerance));
  CHECK_THAT(loss("sum", {}), WithinRel(0.693147302, loss_tolerance));
  CHECK_THAT(loss("sum", label_weights), WithinRel(1.38629448, loss_tolerance));
  CHECK_THAT(loss("mean_with_sample_weight", label_weights), WithinRel(0.462098151, loss_tolerance));
  const SparseCategoricalCrossentropy with_padding({.ignore_class = -1});
  CHECK_THAT(with_padding({-1, 2}, {{0.2, 0.3, 0.5}, {0.2, 0.3, 0.5}}), WithinRel(-std::log(0.5), loss_tolerance));
  std::vector<float> dp;
  LossBatch{.y = {-1, 2}, .p = {0.2f, 0.3f, 0.5f, 0.2f, 0.3f, 0.5f}, .pred_columns = 3}.loss(with_padding, &dp);
  CHECK((std::vector<float>(dp.begin(), dp.begin() + 3) == std::vector<float>{0, 0, 0}));
}

TEST_CASE("crossentropies have the gradients of their formulas", "[losses]") {
  const LossBatch some = probabilities(false);
  for (const double s : {0.0, 0.2}) {
    check_gradients<BinaryCrossentropy>(some, mean_of([s](double y, double p) { return binary(y, p, s); }),
                                        BinaryCrossentropyOptions{.label_smoothing = s});
    check_gradients<BinaryCrossentropy>(some, mean_of([s](double y, double x) { return binary_of_logit(y, x, s); }),
                                        BinaryCrossentropyOptions{.from_logits = true, .label_smoothing = s});
    for (const bool logits : {false, true}) {
      check_gradients<CategoricalCrossentropy>(
          some, crossentropy(logits, s, false),
          CategoricalCrossentropyOptions{.from_logits = logits, .label_smoothing = s});
    }
  }
  for (const bool logits : {false, true}) {
    check_gradients<SparseCategoricalCrossentropy>(probabilities(true), crossentropy(logits, 0.0, true),
                                                   SparseCategoricalCrossentropyOptions{.from_logits = logits});
  }
}

TEST_CASE("crossentropies take rows of any width", "[losses]") {
  for (const std::int64_t columns : {1, 2, 255, 256, 257, 1000}) {
    CAPTURE(columns);
    const LossBatch batch = wide(columns);
    const std::vector<double> predictions(batch.p.begin(), batch.p.end());
    const auto expect = [&](const Loss& loss, const RowFormula& row) {
      const double expected = reference(batch, predictions, row, "mean");
      CHECK_THAT(batch.loss(loss), WithinAbs(expected, loss_tolerance * std::max(1.0, expected)));
    };
    expect(BinaryCrossentropy(), mean_of([](double y, double p) { return binary(y, p); }));
    for (const bool logits : {false, true}) {
      expect(CategoricalCrossentropy({.from_logits = logits, .label_smoothing = 0.1}),
             crossentropy(logits, 0.1, false));
    }
  }
}

TEST_CASE("crossentropies have no gradient where a probability is clipped", "[losses]") {
  std::vector<float> dp;
  LossBatch{.y = {1, 0, 1}, .p = {0, 1, 1.5f}}.loss(BinaryCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0, 0}));
  LossBatch{.y = {1, 0}, .p = {0, 2}, .true_columns = 2, .pred_columns = 2}.loss(CategoricalCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0}));
  LossBatch{.y = {0}, .p = {0, 2}, .pred_columns = 2}.loss(SparseCategoricalCrossentropy(), &dp);
  CHECK((dp == std::vector<float>{0, 0}));
  // The class with q = 0 takes no part; the other's gradient is that of -0.5 log(q / sum).
  LossBatch{.y = {0.5f, 0.25f, 0.25f}, .p = {0, 1, 3}, .true_columns = 3, .pred_columns = 3}.loss(
      CategoricalCrossentropy(), &dp);
  CHECK_THAT(dp[0], WithinAbs(0.125, loss_tolerance));
  CHECK_THAT(dp[1], WithinAbs(0.125 - 0.25, loss_tolerance));
  CHECK_THAT(dp[2], WithinAbs(0.125 - 0.25 / 3.0, loss_tolerance));
}

TEST_CASE("losses of logits neither overflow nor lose small numbers", "[losses]") {
  std::vector<float> dp;
  const BinaryCrossentropy binary_logits({.from_logits = true});
  CHECK(LossBatch{.y = {0, 1}, .p = {1000, -1000}}.loss(binary_logits, &dp) == 1000.0);
  CHECK((dp == std::vector<float>{0.5f, -0.5f}));
  CHECK_THAT((LossBatch{.y = {0}, .p = {-30}}.loss(binary_logits)), WithinRel(std::exp(-30.0), 1e-5));
  const SparseCategoricalCrossentropy sparse_logits({.from_logits = true});
  CHECK(LossBatch{.y = {1}, .p = {1000, -1000}, .pred_columns = 2}.loss(sparse_logits, &dp) == 2000.0);
  CHECK((dp == std::vector<float>{1, -1}));
  CHECK(LossBatch{.y = {0}, .p = {0, -infinity}, .pred_columns = 2}.loss(sparse_logits) == 0.0);
  CHECK(LossBatch{.y = {0, 1}, .p = {1000, -1000}, .true_columns = 2, .pred_columns = 2}.loss(
            CategoricalCrossentropy({.from_logits = true})) == 2000.0);
}

TEST_CASE("crossentropies refuse invalid options", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { BinaryCrossentropy({.axis = 1}); }) ==
        "binary_crossentropy: axis is 1; expected -1, the last. Permute the axes before the loss.");
  CHECK(message_of<InvalidArgument>([] { CategoricalCrossentropy({.label_smoothing = 1.5}); }) ==
        "categorical_crossentropy: label_smoothing is 1.5; expected a number from 0 to 1.");
}

TEST_CASE("divergences have the gradients of their formulas", "[losses]") {
  const LossBatch some = probabilities(false);
  const RowFormula divergence = [](const std::vector<double>& y, const std::vector<double>& p) {
    double sum = 0.0;
    for (std::size_t c = 0; c < p.size(); ++c) {
      const double target = std::clamp(y[c], 1e-7, 1.0);
      sum += target * std::log(target / std::clamp(p[c], 1e-7, 1.0));
    }
    return sum;
  };
  check_gradients<KLDivergence>(some, divergence, KLDivergenceOptions());
  check_gradients<Poisson>(some, mean_of([](double y, double p) { return p - y * std::log(p + 1e-7); }),
                           PoissonOptions());
  for (const double q : {0.2, 0.9}) {
    check_gradients<CategoricalGeneralizedCrossEntropy>(
        probabilities(true),
        [q](const auto& y, const auto& p) { return (1.0 - std::pow(p[static_cast<std::size_t>(y[0])], q)) / q; },
        CategoricalGeneralizedCrossEntropyOptions{.q = q});
  }
}

// JAX gives the same derivatives, except for the last, where it gives minus infinity and NaN.
TEST_CASE("divergences have gradients where probabilities are 0 or 1", "[losses]") {
  std::vector<float> dp;
  LossBatch{.y = {0.2f, 0.3f, 0.5f, 1}, .p = {1, 1e-7f, 0, 2}, .true_columns = 4, .pred_columns = 4}.loss(
      KLDivergence(), &dp);
  CHECK_THAT(dp[0], WithinRel(-0.1, 1e-6));
  CHECK_THAT(dp[1], WithinRel(-1.5e6, 1e-6));
  CHECK((dp[2] == 0.0f && dp[3] == 0.0f));
  CHECK_THAT((LossBatch{.y = {0, 2}, .p = {0, 0}, .true_columns = 2, .pred_columns = 2}.loss(Poisson(), &dp)),
             WithinRel(16.118095, 1e-6));
  CHECK(dp[0] == 0.5f);
  CHECK_THAT(dp[1], WithinRel(-1e7, 1e-6));
  CHECK(LossBatch{.y = {1}, .p = {1, 0}, .pred_columns = 2}.loss(CategoricalGeneralizedCrossEntropy(), &dp) == 2.0);
  CHECK((dp == std::vector<float>{0, 0}));
}

TEST_CASE("divergences refuse invalid options and labels", "[losses]") {
  for (const double q : {0.0, 1.0}) {
    CHECK_THROWS_AS(CategoricalGeneralizedCrossEntropy({.q = q}), InvalidArgument);
  }
  CHECK(message_of<InvalidArgument>([] { CategoricalGeneralizedCrossEntropy({.q = 1.5}); }) ==
        "categorical_generalized_cross_entropy: q is 1.5; expected a number between 0 and 1.");
  CHECK(message_of<InvalidInput>([] {
          CategoricalGeneralizedCrossEntropy()({0, 2}, {{0.5, 0.5}, {0.5, 0.5}});
        }) ==
        "categorical_generalized_cross_entropy: y has label 2 at row 1; expected whole numbers 0..1, since the "
        "prediction has 2 classes. Number the classes from 0, or give the last layer more units.");
}
