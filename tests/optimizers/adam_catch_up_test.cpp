#include "xeras/optimizers/adam_catch_up.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double tolerance = 5e-7;  // in units of one step

double alpha(std::int64_t t) { return 1.0 + 0.5 * std::sin(0.1 * static_cast<double>(t)); }

}  // namespace

TEST_CASE("AdamCatchUp sums the steps of a weight without gradient, for every size of v", "[optimizers]") {
  for (const auto& [beta_1, beta_2] : {std::pair{0.9, 0.999}, {0.9, 0.98}, {0.5, 0.9}, {0.99, 0.999}, {0.0, 0.999}}) {
    CAPTURE(beta_1, beta_2);
    AdamCatchUp catch_up(beta_1, beta_2);
    REQUIRE(catch_up.exists());
    constexpr std::int64_t first = 5, updates = 700;
    constexpr double epsilon = 1e-3;
    for (std::int64_t t = 1; t <= updates; ++t) {
      catch_up.record(t, alpha(t));
      if (t > first + 40 && t < updates) continue;
      for (const double root_v : {1e-6, 1e-4, 1e-3, 1e-2, 1.0}) {
        CAPTURE(t, root_v);
        double expected = 0.0;
        for (std::int64_t j = 1; j <= t - first; ++j) {
          const auto n = static_cast<double>(j);
          expected += alpha(first + j) * std::pow(beta_1, n) * root_v / (std::pow(beta_2, 0.5 * n) * root_v + epsilon);
        }
        double sum = 0.0;
        const double d = root_v + epsilon;
        for (std::size_t k = 0; k < catch_up.terms() && t >= first; ++k) {
          sum += catch_up.coefficients(first)[k] * std::pow(epsilon / d, static_cast<double>(k));
        }
        CHECK_THAT(root_v / d * sum, WithinAbs(expected, tolerance));
      }
    }
  }
}

TEST_CASE("AdamCatchUp lets earlier moves decay", "[optimizers]") {
  constexpr double beta_1 = 0.9, beta_2 = 0.999, decay = 0.01, epsilon = 1e-3, root_v = 1e-3;
  AdamCatchUp catch_up(beta_1, beta_2);
  double moved = 0.0;
  catch_up.record(5, alpha(5), decay);
  for (std::int64_t t = 6; t <= 5 + catch_up.steps(); ++t) {
    catch_up.record(t, alpha(t), decay);
    const auto n = static_cast<double>(t - 5);
    moved = (1.0 - decay) * moved +
            alpha(t) * std::pow(beta_1, n) * root_v / (std::pow(beta_2, 0.5 * n) * root_v + epsilon);
    double sum = 0.0;
    for (std::size_t k = catch_up.terms(); k-- > 0;)
      sum = sum * (epsilon / (root_v + epsilon)) + catch_up.coefficients(5)[k];
    CHECK_THAT(root_v / (root_v + epsilon) * sum, WithinAbs(moved, tolerance));
  }
}

TEST_CASE("AdamCatchUp does not exist for betas that it cannot be exact for", "[optimizers]") {
  CHECK(AdamCatchUp(0.9, 0.999).terms() == 4);
  CHECK(AdamCatchUp(0.9, 0.98).terms() == 8);
  CHECK_FALSE(AdamCatchUp(0.9, 0.95).exists());
  CHECK_FALSE(AdamCatchUp(0.995, 0.999).exists());
  CHECK_FALSE(AdamCatchUp(0.9, 0.9).exists());
  CHECK_FALSE(AdamCatchUp(0.9, 0.5).exists());
  CHECK_FALSE(AdamCatchUp(0.9, 0.0).exists());
  CHECK_FALSE(AdamCatchUp(1.0, 1.0).exists());
  CHECK_FALSE(AdamCatchUp(0.9999, 0.999999).exists());
}
