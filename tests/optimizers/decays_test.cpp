#include "xeras/optimizers/decays.hpp"

#include "catch.hpp"

using namespace xeras::optimizers;
using Catch::Matchers::WithinAbs;

TEST_CASE("Decays multiply, between any two updates", "[optimizers]") {
  Decays decays;
  CHECK(decays(3, 9) == 0.0);  // nothing is recorded
  decays.record(5, 0.5);
  decays.record(6, 0.1);
  decays.record(7, 2.0);  // a step that postpones nothing
  decays.record(8, 1e-9);
  CHECK_THAT(decays(4, 5), WithinAbs(0.5, 1e-15));
  CHECK_THAT(decays(4, 6), WithinAbs(0.55, 1e-15));
  CHECK(decays(6, 6) == 0.0);
  CHECK_THAT(decays(7, 8), WithinAbs(1e-9, 1e-15));
  decays.clear();
  CHECK(decays(4, 6) == 0.0);
}

TEST_CASE("Decays whose product is too small for a double are still known", "[optimizers]") {
  Decays decays;
  for (std::int64_t t = 1; t <= 5000; ++t) decays.record(t, 0.5);
  CHECK(decays(1, 5000) == 1.0);
  CHECK(decays(4998, 5000) == 0.75);
}

TEST_CASE("Decays remember as many updates as they say", "[optimizers]") {
  Decays decays;
  for (std::int64_t t = 1; t <= 2 * Decays::longest; ++t) decays.record(t, 1e-4);
  const double all = 1.0 - std::pow(1.0 - 1e-4, static_cast<double>(Decays::longest));
  CHECK_THAT(decays(Decays::longest, 2 * Decays::longest), WithinAbs(all, 1e-12));
}
