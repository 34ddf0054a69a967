#include "kernels/simd.hpp"

#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

using namespace xeras::kernels;
using namespace xeras::testing;

namespace {

constexpr double sum_tolerance = 1e-6;  // for each term, of at most 1

}  // namespace

TEST_CASE("dot, sum and sum_of_squares agree with the reference") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      const double tolerance = sum_tolerance * static_cast<double>(n);
      const std::vector<float> x = random_floats(n, -1.0f, 1.0f, 1), y = random_floats(n, -1.0f, 1.0f, 2);
      CHECK(std::fabs(table.dot(x.data(), y.data(), n) - reference::dot(x.data(), y.data(), n)) <= tolerance);
      CHECK(std::fabs(table.sum(x.data(), n) - reference::sum(x.data(), n)) <= tolerance);
      CHECK(std::fabs(table.sum_of_squares(x.data(), n) - reference::sum_of_squares(x.data(), n)) <= tolerance);
    }
  });
}

TEST_CASE("sum and dot count every element once") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      const std::vector<float> x = counting(n), ones(n, 1.0f);
      CHECK(table.sum(x.data(), n) == reference::sum(x.data(), n));
      CHECK(table.dot(x.data(), ones.data(), n) == reference::sum(x.data(), n));
    }
  });
}

TEST_CASE("all_finite finds one NaN or infinity at any place") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> x = random_floats(n, -1.0f, 1.0f);
      if (n > 0) x[0] = std::numeric_limits<float>::max();
      CHECK(table.all_finite(x.data(), n));
      bool all_found = true;
      for (std::size_t i = 0; i < n; ++i) {
        for (float bad : {not_a_number, infinity, -infinity}) {
          const float good = std::exchange(x[i], bad);
          all_found &= !table.all_finite(x.data(), n);
          x[i] = good;
        }
      }
      CHECK(all_found);
    }
  });
}

TEST_CASE("all_finite and sum look at nothing beyond the end") {
  for_each_table([](const Simd& table) {
    const std::vector<float> x(100, not_a_number);
    std::vector<float> y = x;
    for (std::size_t n = 0; n <= 67; ++n) {
      CHECK(table.all_finite(y.data(), n));
      CHECK(table.sum(y.data(), n) == 0.0f);
      CHECK(table.dot(y.data(), y.data(), n) == 0.0f);
      y[n] = 0.0f;
    }
  });
}

TEST_CASE("add_masked_rows agrees with the reference, with a mask and without, and adds to what is there") {
  for_each_table([](const Simd& table) {
    const std::size_t rows = 7;
    const std::vector<std::uint8_t> mask = {1, 0, 2, 0, 0, 255, 1};  // any value but 0 counts
    for (const std::uint8_t* maybe_mask : {static_cast<const std::uint8_t*>(nullptr), mask.data()}) {
      for (std::size_t cols : lengths()) {
        INFO("cols " << cols);
        const std::size_t ldx = cols + 3;
        const std::vector<float> x = counting(rows * ldx);
        std::vector<float> sum(cols + 1, 3.0f), expected = sum;
        table.add_masked_rows(x.data(), ldx, maybe_mask, sum.data(), rows, cols);
        reference::add_masked_rows(x.data(), ldx, maybe_mask, expected.data(), rows, cols);
        CHECK(sum == expected);
      }
    }
  });
}

TEST_CASE("add_masked_rows does not look at what is masked") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : {1, 5, 16, 50, 64}) {
      const std::vector<float> x(3 * cols, not_a_number);
      const std::vector<std::uint8_t> mask = {0, 0, 0};
      std::vector<float> sum(cols, 2.0f);
      table.add_masked_rows(x.data(), cols, mask.data(), sum.data(), 3, cols);
      CHECK(sum == std::vector<float>(cols, 2.0f));
    }
  });
}

TEST_CASE("add_to_doubles adds to what is there, without a rounding to float") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      const std::vector<float> x = random_floats(n, 0.5f, 1.0f);
      std::vector<double> sum(n + 1, 1e9), expected = sum;
      table.add_to_doubles(x.data(), sum.data(), n);
      for (std::size_t i = 0; i < n; ++i) expected[i] += double{x[i]};
      CHECK(sum == expected);
    }
  });
}
