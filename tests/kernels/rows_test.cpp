#include "kernels/rows.hpp"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"

namespace {

using namespace xeras::kernels;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

// Whole numbers below 100, exact in every sum here.
std::vector<float> numbers(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i * 37 % 100);
  return x;
}

}  // namespace

TEST_CASE("add_rows adds any number of rows to what is there") {
  for (const std::size_t rows : {0, 1, 63, 64, 65, 128, 1000}) {
    for (const std::size_t cols : {1, 3, 50, 511, 512, 513, 1300}) {
      INFO(rows << " rows of " << cols);
      const std::vector<float> x = numbers(rows * cols);
      std::vector<float> expected(cols, 7.0f);
      for (std::size_t i = 0; i < x.size(); ++i) expected[i % cols] += x[i];
      std::vector<float> sum(cols, 7.0f), apart = sum;
      add_rows(x.data(), sum.data(), rows, cols);
      CHECK(sum == expected);
      add_rows_apart(x.data(), cols, apart.data(), rows, cols);
      CHECK(apart == expected);
    }
  }
}

TEST_CASE("SumOfRows adds rows in any order, however often") {
  constexpr std::size_t cols = 20, ldx = 23;
  const std::vector<float> x = numbers(10 * ldx);
  for (const std::size_t count : {0, 1, 64, 65, 500}) {
    std::vector<float> sum(cols, 7.0f), expected = sum;
    SumOfRows rows(x.data(), ldx, sum.data(), cols);
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t place = i * i % 10;
      rows.add(static_cast<std::int32_t>(place));
      for (std::size_t c = 0; c < cols; ++c) expected[c] += x[place * ldx + c];
    }
    rows.finish();
    CHECK(sum == expected);
  }
}

TEST_CASE("masked_mean is the mean of the unmasked rows, and returns what a gradient is multiplied by") {
  for (const std::size_t rows : {5, 400}) {
    for (const std::size_t cols : {1, 50, 600}) {
      INFO(rows << " rows of " << cols);
      std::vector<float> x = numbers(rows * cols), y(cols, -1.0f), expected(cols);
      std::vector<std::uint8_t> mask(rows, 2);  // any value but 0 counts
      mask[1] = 0;
      for (std::size_t c = 0; c < cols; ++c) x[cols + c] = not_a_number;
      const float scale = 1.0f / static_cast<float>(rows - 1);
      for (std::size_t i = 0; i < x.size(); ++i) expected[i % cols] += i / cols == 1 ? 0.0f : x[i];
      for (float& e : expected) e *= scale;
      CHECK(masked_mean(x.data(), mask.data(), y.data(), rows, cols) == scale);
      CHECK(y == expected);
    }
  }
}

TEST_CASE("masked_mean without a mask is the mean of all rows") {
  const std::vector<float> x = {1, 2, 3, 4, 8, 12};
  std::vector<float> y(2);
  CHECK(masked_mean(x.data(), nullptr, y.data(), 3, 2) == 1.0f / 3.0f);
  CHECK(y == std::vector<float>{12 * (1.0f / 3.0f), 18 * (1.0f / 3.0f)});
}

TEST_CASE("masked_mean of masked rows is 0, whatever they hold, and of none too") {
  const std::vector<float> x(6, not_a_number);
  const std::vector<std::uint8_t> mask = {0, 0, 0};
  std::vector<float> y(2, 9.0f);
  CHECK(masked_mean(x.data(), mask.data(), y.data(), 3, 2) == 0.0f);
  CHECK(y == std::vector<float>{0.0f, 0.0f});
  y = {9.0f, 9.0f};
  CHECK(masked_mean(nullptr, nullptr, y.data(), 0, 2) == 0.0f);
  CHECK(y == std::vector<float>{0.0f, 0.0f});
}
