#include "kernels/simd.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

using namespace xeras::kernels;
using namespace xeras::testing;

namespace {

// In units in the last place of the reference's result.
constexpr double log_ulp = 2.0;
constexpr double softmax_ulp = 16.0;  // mostly the rounding of x - max, which exp turns into a relative error

// Absolute.
constexpr double log_softmax_tolerance = 2e-6;  // a log near 0 comes from a sum near 1
constexpr double row_total_tolerance = 2e-6;

}  // namespace

TEST_CASE("softmax and log_softmax agree with the reference for every width") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : lengths()) {
      INFO("cols " << cols);
      const std::size_t rows = 3;
      const std::vector<float> x = random_floats(rows * cols, -5.0f, 5.0f, static_cast<unsigned>(cols));
      std::vector<float> y(x.size()), expected(x.size());
      table.softmax(x.data(), y.data(), rows, cols);
      reference::softmax(x.data(), expected.data(), rows, cols);
      CHECK(largest_distance(y, expected) <= softmax_ulp);
      if (cols == 1) continue;  // log_softmax is 0, up to the rounding of a log
      table.log_softmax(x.data(), y.data(), rows, cols);
      reference::log_softmax(x.data(), expected.data(), rows, cols);
      double largest = 0.0;
      for (std::size_t i = 0; i < y.size(); ++i) largest = std::max(largest, std::fabs(double{y[i]} - expected[i]));
      CHECK(largest <= log_softmax_tolerance);
    }
  });
}

TEST_CASE("softmax and log_softmax of a single column are 1 and 0") {
  for_each_table([](const Simd& table) {
    std::vector<float> x = {-3.0f, 0.0f, 1e30f}, y(3);
    table.softmax(x.data(), y.data(), 3, 1);
    CHECK(y == std::vector<float>(3, 1.0f));
    table.log_softmax(x.data(), y.data(), 3, 1);
    CHECK(y == std::vector<float>(3, 0.0f));
  });
}

TEST_CASE("softmax has rows that sum to 1") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : {1, 2, 7, 8, 10, 16, 17, 50, 1000}) {
      std::vector<float> x = random_floats(5 * cols, -20.0f, 20.0f);
      table.softmax(x.data(), x.data(), 5, cols);
      for (std::size_t r = 0; r < 5; ++r) {
        double total = 0.0;
        for (std::size_t c = 0; c < cols; ++c) total += x[r * cols + c];
        CHECK_THAT(total, Catch::Matchers::WithinAbs(1.0, row_total_tolerance));
      }
    }
  });
}

TEST_CASE("softmax of huge logits does not overflow") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : {3, 20}) {
      std::vector<float> x(cols, -1e30f), y(cols);
      x[0] = x[1] = 1e30f;
      std::vector<float> expected(cols, 0.0f);
      expected[0] = expected[1] = 0.5f;
      table.softmax(x.data(), y.data(), 1, cols);
      CHECK(y == expected);
      table.log_softmax(x.data(), y.data(), 1, cols);
      CHECK(distance(y[0], std::log(0.5f)) <= log_ulp);
      CHECK(y[cols - 1] == -2e30f);
    }
  });
}

TEST_CASE("softmax gives no weight to -inf, and NaN for a row that holds NaN or nothing but -inf") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : {4, 20}) {
      std::vector<float> x(3 * cols, 0.0f);
      x[1] = -infinity;
      x[cols + 2] = not_a_number;
      std::fill(x.begin() + static_cast<std::ptrdiff_t>(2 * cols), x.end(), -infinity);
      table.softmax(x.data(), x.data(), 3, cols);
      CHECK(x[1] == 0.0f);
      CHECK(std::isfinite(x[0]));
      for (std::size_t c = 0; c < cols; ++c) {
        CHECK(std::isnan(x[cols + c]));
        CHECK(std::isnan(x[2 * cols + c]));
      }
    }
  });
}

TEST_CASE("softmax and log_softmax give a row alone the same bits as in a batch, in place too") {
  for_each_table([](const Simd& table) {
    for (auto kernel : {&Simd::softmax, &Simd::log_softmax}) {
      for (std::size_t cols : {1, 3, 8, 10, 16, 33, 100}) {
        std::vector<float> x = random_floats(9 * cols, -5.0f, 5.0f), batch(x.size()), row(cols);
        (table.*kernel)(x.data(), batch.data(), 9, cols);
        for (std::size_t r = 0; r < 9; ++r) {
          (table.*kernel)(x.data() + r * cols, row.data(), 1, cols);
          CHECK(same_bits(row.data(), batch.data() + r * cols, cols));
        }
        (table.*kernel)(x.data(), x.data(), 9, cols);
        CHECK(same_bits(x, batch));
      }
    }
  });
}
