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
