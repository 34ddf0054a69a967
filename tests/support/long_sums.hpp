#pragma once

#include <functional>
#include <string>
#include <vector>

// Tables of sums over many terms, and a check that they keep their digits.
namespace xeras::testing {

constexpr std::size_t many = 3'000'000;

// The terms, of two kinds: equal numbers, whose rounding errors all have the same sign, and random numbers in (0, 1).
struct Terms {
  explicit Terms(bool equal);

  std::vector<float> x, y;
  double sum_x = 0.0, sum_y = 0.0, products = 0.0, squares = 0.0;  // sums of x, y, x y, x x
};

// The actual and the expected value of a sum.
struct Sum {
  double got, expected;
};

struct LongSum {
  std::string name;
  std::function<std::vector<Sum>(const Terms&)> take;
};

// Computes each sum with both kinds of terms, and checks that its relative error is at most 1e-6.
void check_long_sums(const std::vector<LongSum>& sums);

}  // namespace xeras::testing
