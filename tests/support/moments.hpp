#pragma once

#include <vector>

// The mean and variance of many numbers.
struct Moments {
  double mean = 0.0, variance = 0.0;

  explicit Moments(const std::vector<float>& numbers) {
    const auto n = static_cast<double>(numbers.size());
    for (const float number : numbers) mean += number / n;
    for (const float number : numbers) variance += (number - mean) * (number - mean) / n;
  }
};
