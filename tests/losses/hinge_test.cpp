#include "xeras/losses.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/check_loss.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;
using Catch::Matchers::WithinAbs;
using Catch::Matchers::WithinRel;

TEST_CASE("hinge losses have the gradients of their formulas", "[losses]") {
  const LossBatch some{.y = {-1, 1, 1, 1, -1, 1, -1, -1, 1},
                       .p = {0.5f, 0.25f, 2, -1, 0.1f, 0.7f, -3, 0.2f, 0.3f},
                       .true_columns = 3,
                       .pred_columns = 3};
  const auto room = [](double y, double p) { return std::max(1.0 - y * p, 0.0); };
  check_gradients<Hinge>(some, mean_of(room), HingeOptions());
  check_gradients<SquaredHinge>(some, mean_of([=](double y, double p) { return room(y, p) * room(y, p); }),
                                SquaredHingeOptions());
  const RowFormula categorical = [](const std::vector<double>& y, const std::vector<double>& p) {
    double right = 0.0, wrong = -1e9;
    for (std::size_t c = 0; c < p.size(); ++c) {
      right += y[c] * p[c];
      wrong = std::max(wrong, (1.0 - y[c]) * p[c]);
    }
    return std::max(wrong - right + 1.0, 0.0);
  };
  check_gradients<CategoricalHinge>(probabilities(false), categorical, CategoricalHingeOptions());
}

TEST_CASE("hinge losses take labels 0 and 1 as -1 and 1 if a batch has no others", "[losses]") {
  const Input p{{0.5, 0.25}, {-2.0, 3.0}};
  for (const char* name : {"hinge", "squared_hinge"}) {
    CHECK(get(name)({{0, 1}, {0, 0}}, p) == get(name)({{-1, 1}, {-1, -1}}, p));
    CHECK(get(name)({{1, 1}, {1, 1}}, p) > 0.0);
  }
  CHECK(Hinge()({{0, 1}, {-1, 1}}, p) == ((1.0 + 0.75) / 2.0 + 0.0) / 2.0);  // a label 0 among others: 1 - 0 p
}

// JAX: jax.grad of keras.losses.Hinge(reduction="sum") and so on.
TEST_CASE("hinge losses share the gradient of equal numbers", "[losses]") {
  std::vector<float> dp;
  LossBatch{.y = {1, -1, 1}, .p = {1, -1, 3}}.loss(Hinge({.reduction = "sum"}), &dp);
  CHECK((dp == std::vector<float>{-0.5f, 0.5f, 0}));
  LossBatch{.y = {1, -1}, .p = {1, -1}}.loss(SquaredHinge(), &dp);
  CHECK((dp == std::vector<float>{0, 0}));
  const auto categorical = [&](const std::vector<float>& p) {
    LossBatch{.y = {0, 0, 1}, .p = p, .true_columns = 3, .pred_columns = 3}.loss(CategoricalHinge(), &dp);
    return dp;
  };
  CHECK((categorical({1, 1, 0}) == std::vector<float>{0.5f, 0.5f, -1}));
  CHECK((categorical({1, 0, 2}) == std::vector<float>{0.5f, 0, -0.5f}));
  CHECK((categorical({1, 0, 3}) == std::vector<float>{0, 0, 0}));
}
