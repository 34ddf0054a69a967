#include "xeras/optimizers/momentum_catch_up.hpp"

#include "catch.hpp"

using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;

TEST_CASE("MomentumCatchUp sums the moves of updates, and later decays shrink the earlier ones", "[optimizers]") {
  MomentumCatchUp half(0.5);
  half.record(1, 0.0);
  half.record(2, 0.9);  // the decay of update 2 comes before its move
  half.record(3, 0.2);
  half.record(4, 0.0);
  CHECK(half.sum(4) == 0.0);
  CHECK_THAT(half.sum(3), WithinAbs(0.5, 1e-15));
  CHECK_THAT(half.sum(2), WithinAbs(0.5 + 0.25, 1e-15));
  CHECK_THAT(half.sum(1), WithinAbs(0.8 * 0.5 + 0.25 + 0.125, 1e-15));
}

TEST_CASE("MomentumCatchUp has the closed form of a constant decay", "[optimizers]") {
  // The sum over j of 0.9^j 0.99^(n - j) is 0.9 (0.99^n - 0.9^n) / (0.99 - 0.9).
  MomentumCatchUp momentum(0.9);
  for (std::int64_t t = 1; t <= 100; ++t) momentum.record(t, 0.01);
  const double n = 60.0;
  const double exact = 0.9 * (std::pow(0.99, n) - std::pow(0.9, n)) / 0.09;
  CHECK_THAT(momentum.sum(40), WithinAbs(exact, 1e-12));
}

TEST_CASE("MomentumCatchUp does not exist without momentum, or where too many updates matter", "[optimizers]") {
  CHECK_FALSE(MomentumCatchUp(0.0).exists());
  CHECK(MomentumCatchUp(0.99).exists());
  CHECK_FALSE(MomentumCatchUp(0.999).exists());
  CHECK_FALSE(MomentumCatchUp(1.0).exists());
}
