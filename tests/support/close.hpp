#pragma once

#include <cmath>
#include <vector>

#include "catch.hpp"

// The numbers are equal but for `tolerance`, relative to those above 1.
inline void check_close(const std::vector<float>& numbers, const std::vector<float>& expected, double tolerance) {
  REQUIRE(numbers.size() == expected.size());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    INFO("element " << i << ": " << numbers[i] << ", expected " << expected[i]);
    CHECK(std::abs(double{numbers[i]} - expected[i]) <= tolerance * std::max(1.0, std::abs(double{expected[i]})));
  }
}
