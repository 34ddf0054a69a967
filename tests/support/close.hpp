#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "catch.hpp"

// Fails unless the numbers are equal within `tolerance`, which is relative for numbers above 1.
template <class Expected = float>
void check_close(const std::vector<float>& numbers, const std::vector<Expected>& expected, double tolerance) {
  REQUIRE(numbers.size() == expected.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double number = numbers[i], wanted = expected[i];
    if (std::abs(number - wanted) <= tolerance * std::max(1.0, std::abs(wanted))) continue;
    FAIL("element " << i << ": " << number << "; expected " << wanted);
  }
  SUCCEED();
}
