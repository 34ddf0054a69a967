#include "xeras/core/random.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras;

TEST_CASE("RandomStream's numbers depend on key, part and position alone") {
  const RandomStream a(5), b(5), c(5, 1);
  CHECK(a.bits(3) == b.bits(3));
  CHECK(a.bits(3) != a.bits(4));
  CHECK(a.bits(3) != c.bits(3));
}

TEST_CASE("RandomStream is uniform and uncorrelated") {
  const RandomStream stream(1);
  double sum = 0.0, products = 0.0;
  constexpr int count = 100000;
  for (int i = 0; i < count; ++i) {
    const double x = stream.uniform(static_cast<std::uint64_t>(i)) - 0.5;
    sum += x;
    products += x * (stream.uniform(static_cast<std::uint64_t>(i) + 1) - 0.5);
  }
  CHECK(std::abs(sum / count) < 0.005);
  CHECK(std::abs(products / count) < 0.002);
}

TEST_CASE("RandomStream::normal has mean 0, variance 1 and the tails of a normal number") {
  const RandomStream stream(3);
  constexpr int count = 100000;
  double sum = 0.0, squares = 0.0;
  int beyond = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const double z = stream.normal(i);
    sum += z;
    squares += z * z;
    beyond += std::abs(z) > 1.959964 ? 1 : 0;
  }
  // Five standard errors.
  CHECK(std::abs(sum / count) < 0.016);
  CHECK(std::abs(squares / count - 1.0) < 0.023);
  CHECK(std::abs(beyond - 5000) < 345);
}

TEST_CASE("normal_quantile is the inverse of the normal distribution") {
  constexpr double seven_digits = 1e-6;
  CHECK(normal_quantile(0.5) == 0.0);
  // From tables of the normal distribution.
  CHECK(std::abs(normal_quantile(0.975) - 1.9599640) < seven_digits);
  CHECK(std::abs(normal_quantile(0.75) - 0.6744898) < seven_digits);
  CHECK(std::abs(normal_quantile(1e-10) + 6.3613409) < seven_digits);
  CHECK(std::abs(normal_quantile(1e-15) + 7.9413453) < seven_digits);
}

TEST_CASE("RandomStream::below stays below") {
  const RandomStream stream(2);
  for (std::uint64_t i = 0; i < 1000; ++i) CHECK(stream.below(i, 7) < 7);
}

TEST_CASE("set_random_seed makes the seeds that follow repeatable") {
  set_random_seed(42);
  const std::uint64_t first = next_random_seed(), second = next_random_seed();
  CHECK(first != second);
  set_random_seed(42);
  CHECK(next_random_seed() == first);
  CHECK(next_random_seed() == second);
}
