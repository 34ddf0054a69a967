#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/losses/probabilistic.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

namespace {

RowFormula binary(const BinaryFocalCrossentropyOptions& o) {
  return mean_of([o](double y, double x) {
    y = y * (1.0 - o.label_smoothing) + o.label_smoothing / 2.0;
    const double p = o.from_logits ? 1.0 / (1.0 + std::exp(-x)) : x;
    const double weight = o.apply_class_balancing ? y * o.alpha + (1.0 - y) * (1.0 - o.alpha) : 1.0;
    return -weight * std::pow(y + p - 2.0 * y * p, o.gamma) * (y * std::log(p) + (1.0 - y) * std::log(1.0 - p));
  });
}

RowFormula categorical(const CategoricalFocalCrossentropyOptions& o) {
  return [o](const std::vector<double>& y, const std::vector<double>& x) {
    double sum = 0.0, result = 0.0;
    for (const double each : x) sum += o.from_logits ? std::exp(each) : each;
    for (std::size_t c = 0; c < x.size(); ++c) {
      const double q = (o.from_logits ? std::exp(x[c]) : x[c]) / sum;
      const double target = y[c] * (1.0 - o.label_smoothing) + o.label_smoothing / static_cast<double>(x.size());
      result -= o.alpha[c] * std::pow(1.0 - q, o.gamma) * target * std::log(q);
    }
    return result;
  };
}

}  // namespace

TEST_CASE("focal crossentropies have the gradients of their formulas", "[losses]") {
  const LossBatch some{.y = {0, 1, 0, 0.2f, 0.3f, 0.5f, 1, 0, 0},
                       .p = {0.1f, 0.7f, 0.3f, 0.5f, 0.25f, 0.9f, 0.2f, 0.3f, 0.5f},
                       .true_columns = 3,
                       .pred_columns = 3};
  for (const BinaryFocalCrossentropyOptions& options :
       {BinaryFocalCrossentropyOptions{}, BinaryFocalCrossentropyOptions{.gamma = 0.5},
        BinaryFocalCrossentropyOptions{.apply_class_balancing = true, .alpha = 0.4, .from_logits = true},
        BinaryFocalCrossentropyOptions{.gamma = 1.0, .label_smoothing = 0.2}}) {
    check_gradients<BinaryFocalCrossentropy>(some, binary(options), options);
  }
  for (const CategoricalFocalCrossentropyOptions& options :
       {CategoricalFocalCrossentropyOptions{},
        CategoricalFocalCrossentropyOptions{.alpha = {0.2, 0.3, 0.5}, .gamma = 0.0, .label_smoothing = 0.1},
        CategoricalFocalCrossentropyOptions{.gamma = 3.0, .from_logits = true, .label_smoothing = 0.1}}) {
    check_gradients<CategoricalFocalCrossentropy>(some, categorical(options), options);
  }
}

// JAX gives the same, but NaN for gamma = 0.5 in the first two.
TEST_CASE("focal crossentropies are finite where a probability is 0 or 1", "[losses]") {
  std::vector<float> dp;
  const LossBatch sure{.y = {0, 1, 0, 1}, .p = {0, 1, 1, 0}, .true_columns = 4, .pred_columns = 4};
  CHECK_THAT(sure.loss(BinaryFocalCrossentropy(), &dp), WithinRel(8.01512, 1e-6));
  CHECK((dp[0] == 0.0f && dp[1] == 0.0f));
  CHECK_THAT(dp[2], WithinRel(7.9711924, 1e-6));
  CHECK_THAT(dp[3], WithinRel(-8.059048, 1e-6));
  CHECK_THAT(sure.loss(BinaryFocalCrossentropy({.gamma = 0.5}), &dp), WithinRel(8.01512, 1e-6));
  CHECK((dp[0] == 0.0f && dp[1] == 0.0f));
  CHECK_THAT(dp[2], WithinRel(1.9927981, 1e-6));
  LossBatch logits = sure;
  logits.p = {1e4f, 1e4f, -1e4f, -1e4f};
  CHECK_THAT(logits.loss(BinaryFocalCrossentropy({.from_logits = true}), &dp), WithinRel(8.01512, 1e-6));
  CHECK((dp == std::vector<float>{0, 0, 0, 0}));

  LossBatch classes{.y = {0, 1, 0}, .p = {1, 0, 0}, .true_columns = 3, .pred_columns = 3};
  CHECK_THAT(classes.loss(CategoricalFocalCrossentropy(), &dp), WithinRel(4.029523, 1e-6));
  CHECK((dp == std::vector<float>{0, 0, 0}));
  classes.p = {0, 0, 0};
  CHECK_THAT(classes.loss(CategoricalFocalCrossentropy(), &dp), WithinRel(4.029523, 1e-6));
  CHECK((dp == std::vector<float>{0, 0, 0}));
  classes.p = {1e4f, -1e4f, 0};
  CHECK_THAT(classes.loss(CategoricalFocalCrossentropy({.from_logits = true}), &dp), WithinRel(4.029523, 1e-6));
  CHECK((dp == std::vector<float>{0, 0, 0}));
}

TEST_CASE("focal crossentropies refuse invalid options", "[losses]") {
  CHECK(message_of<InvalidArgument>([] { BinaryFocalCrossentropy({.gamma = -1.0}); }) ==
        "binary_focal_crossentropy: gamma is -1; expected a number that is not negative.");
  CHECK(message_of<InvalidArgument>([] { CategoricalFocalCrossentropy({.axis = 0}); }) ==
        "categorical_focal_crossentropy: axis is 0; expected -1, the last. Permute the axes before the loss.");
  CHECK(message_of<InvalidArgument>([] { BinaryFocalCrossentropy({.label_smoothing = 2.0}); }) ==
        "binary_focal_crossentropy: label_smoothing is 2; expected a number from 0 to 1.");
  CHECK(message_of<InvalidInput>([] {
          CategoricalFocalCrossentropy({.alpha = {0.5, 0.5}})({{1, 0, 0}}, {{0.5, 0.25, 0.25}});
        }) ==
        "categorical_focal_crossentropy: alpha of categorical_focal_crossentropy has 2 numbers and the prediction 3 "
        "classes; expected one number for each class.");
}
