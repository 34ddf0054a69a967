#include "xeras/losses/similarity.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

// The labels are 0, 0, 1, 2: the last two have no neighbour of their label.
const LossBatch four{.y = {0, 0, 1, 2}, .p = {1, 0, 0.6f, 0.8f, 0, 1, -0.6f, 0.8f}, .pred_columns = 2};

// The loss of sample i, by the formula, where the only neighbour of its label is j.
double circle(const std::vector<double>& p, std::size_t i, std::size_t j, double gamma, double margin) {
  const auto distance = [&](std::size_t k) {
    return std::max(1.0 - p[2 * i] * p[2 * k] - p[2 * i + 1] * p[2 * k + 1], 0.0);
  };
  double far = 0.0;
  for (const std::size_t k : {2U, 3U}) {
    const double d = distance(k);
    far += std::exp(gamma * std::max(1.0 + margin - d, 0.0) * (1.0 - margin - d));
  }
  const double d = distance(j);
  return std::log1p(std::exp(gamma * (d + margin) * (d - margin) + std::log(far)));
}

}  // namespace

TEST_CASE("Circle has the gradient of its formula and counts samples with both kinds of neighbours", "[losses]") {
  LossBatch batch = four;
  const Circle mean({.gamma = 2.0, .margin = 0.25});
  check_gradient(mean, batch, [](const std::vector<double>& p) {
    return (circle(p, 0, 1, 2.0, 0.25) + circle(p, 1, 0, 2.0, 0.25)) / 2.0;
  });
  batch.weight = {3, 1, 5, 5};
  check_gradient(mean, batch, [](const std::vector<double>& p) {
    return (3.0 * circle(p, 0, 1, 2.0, 0.25) + circle(p, 1, 0, 2.0, 0.25)) / 2.0;
  });
  batch.mask = {0, 1, 1, 1};
  check_gradient(mean, batch, [](const std::vector<double>& p) { return circle(p, 1, 0, 2.0, 0.25); });
}

TEST_CASE("Circle is finite without neighbours and for embeddings that are not of length 1", "[losses]") {
  std::vector<float> dp;
  for (const std::vector<float>& y : {std::vector<float>{0, 1, 2, 3}, std::vector<float>{0, 0, 0, 0}}) {
    LossBatch batch = four;
    batch.y = y;
    CHECK(batch.loss(Circle(), &dp) == 0.0);
    CHECK((dp == std::vector<float>(8, 0.0f)));
  }
  LossBatch large = four;
  for (float& each : large.p) each *= 100.0f;
  CHECK(std::isfinite(large.loss(Circle(), &dp)));
  for (const float each : dp) CHECK(std::isfinite(each));
  CHECK(Circle()(Tensor::from_shape({0}), Tensor::from_shape({0, 3})) == 0.0);
}

TEST_CASE("Circle takes one embedding and one whole number for each sample", "[losses]") {
  CHECK(Circle()({{0}, {0}, {1}}, {{1.0, 0.0}, {0.6, 0.8}, {0.0, 1.0}}) ==
        Circle()({0, 0, 1}, {{1.0, 0.0}, {0.6, 0.8}, {0.0, 1.0}}));
  CHECK(message_of<InvalidInput>([] {
          Circle()({0.0, 0.5}, {{1.0, 0.0}, {0.0, 1.0}});
        }) == "circle: y has label 0.5 at row 1; expected whole numbers.");
  CHECK(message_of<InvalidInput>([] {
          Circle()({0, 1}, {{{1.0, 0.0}}, {{0.0, 1.0}}});
        }) ==
        "circle: the prediction has shape (2, 1, 2) but circle expects (batch, features), one embedding for each "
        "sample. Reduce the other axes, for example with GlobalAveragePooling1D.");
}
