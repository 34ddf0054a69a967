#include "support/long_sums.hpp"

#include <cmath>
#include <random>

#include "catch.hpp"

namespace xeras::testing {
namespace {

constexpr double tolerance = 1e-6;

const Terms& terms(bool equal) {
  static const Terms equal_terms(true), random_terms(false);
  return equal ? equal_terms : random_terms;
}

}  // namespace

Terms::Terms(bool equal) : x(many, 0.1f), y(many, 0.3f) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> values(0.001f, 1.0f);
  for (std::size_t i = 0; i < many && !equal; ++i) {
    x[i] = values(random);
    y[i] = values(random);
  }
  for (std::size_t i = 0; i < many; ++i) {
    sum_x += x[i];
    sum_y += y[i];
    products += double{x[i]} * y[i];
    squares += double{x[i]} * x[i];
  }
}

void check_long_sums(const std::vector<LongSum>& sums) {
  for (const bool equal : {true, false}) {
    for (const LongSum& sum : sums) {
      const std::vector<Sum> results = sum.take(terms(equal));
      for (std::size_t i = 0; i < results.size(); ++i) {
        const auto& [got, expected] = results[i];
        INFO(sum.name << ", result " << i << ", of " << (equal ? "equal" : "random") << " terms: " << got
                      << ", expected " << expected);
        CHECK(std::abs(got - expected) <= tolerance * std::abs(expected));
      }
    }
  }
}

}  // namespace xeras::testing
