#pragma once

#include <functional>
#include <string>
#include <vector>

// Tables of sums over many terms, and whether they keep their digits.
namespace xeras::testing {

constexpr std::size_t many = 3'000'000;

// The terms, in two ways: equal numbers, whose roundings all go the same way, and random ones in (0, 1).
struct Terms {
  explicit Terms(bool equal);

  std::vector<float> x, y;
  double sum_x = 0.0, sum_y = 0.0, products = 0.0, squares = 0.0;  // sums of x, y, x y, x x
};

// What a sum is, and what it should be.
struct Sum {
  double got, expected;
};

struct LongSum {
  std::string name;
  std::function<std::vector<Sum>(const Terms&)> take;
};

// Takes each of them in both ways, and checks that it is at most 1e-6 off, relative.
void check_long_sums(const std::vector<LongSum>& sums);

}  // namespace xeras::testing
