#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "catch.hpp"
#include "kernels/simd.hpp"
#include "support/close.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

namespace {

using xeras::kernels::available_simd;
using xeras::kernels::Simd;
namespace reference = xeras::kernels::reference;

constexpr float sum_error = 1e-5f;  // of some ten terms of at most 1
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

// Quarters, so that many are equal, and one NaN in `one_in`, where that is not 0.
std::vector<float> coarse_floats(std::size_t n, unsigned seed, unsigned one_in = 0) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> values(-4, 4);
  std::vector<float> x(n);
  for (float& v : x) v = one_in != 0 && random() % one_in == 0 ? not_a_number : static_cast<float>(values(random)) / 4;
  return x;
}

// body(table, rows, columns) for each instruction set and for matrices that end everywhere within a vector.
template <class F>
void for_each_size(F body) {
  for (const Simd* table : available_simd()) {
    for (std::size_t rows : {0, 1, 7, 8, 19}) {
      for (std::size_t cols = 0; cols < 150; cols += cols < 36 ? 1 : 37) {
        INFO("instruction set " << table->name << ", " << rows << " rows, " << cols << " columns");
        body(*table, rows, cols);
      }
    }
  }
}

constexpr std::size_t gap = 3;  // between rows that are apart

}  // namespace

TEST_CASE("max_rows agrees with the reference, equal numbers and NaN included, in one call or two") {
  for (const unsigned one_in : {0u, 9u}) {
    for_each_size([&](const Simd& simd, std::size_t rows, std::size_t cols) {
      const std::vector<float> x = coarse_floats(rows * cols, 1, one_in);
      std::vector<float> y(cols), expected(cols);
      std::vector<std::int32_t> winner(cols, -1), expected_winner(cols, -1);
      const std::size_t half = rows / 2;
      simd.max_rows(x.data(), half, cols, 10, y.data(), winner.data());
      simd.max_rows(x.data() + half * cols, rows - half, cols, 10 + static_cast<std::int32_t>(half), y.data(),
                    winner.data());
      reference::max_rows(x.data(), rows, cols, 10, expected.data(), expected_winner.data());
      CHECK(winner == expected_winner);
      for (std::size_t c = 0; c < cols; ++c) {
        if (!(y[c] == expected[c] || (std::isnan(y[c]) && std::isnan(expected[c])))) FAIL("column " << c);
      }
    });
  }
}

TEST_CASE("max_rows_grad agrees with the reference, equal numbers and NaN included") {
  for (const unsigned one_in : {0u, 9u}) {
    for_each_size([&](const Simd& simd, std::size_t rows, std::size_t cols) {
      const std::vector<float> x = coarse_floats(rows * cols, 1, one_in), dy = coarse_floats(cols, 2);
      std::vector<float> y(cols), dx = coarse_floats(rows * cols, 3), expected = dx;
      std::vector<std::int32_t> winner(cols, -1);
      reference::max_rows(x.data(), rows, cols, 0, y.data(), winner.data());
      simd.max_rows_grad(x.data(), rows, cols, y.data(), dy.data(), dx.data());
      reference::max_rows_grad(x.data(), rows, cols, y.data(), dy.data(), expected.data());
      CHECK(dx == expected);
    });
  }
}

TEST_CASE("add_rows, add_products and multiply_rows agree with the reference") {
  for_each_size([&](const Simd& simd, std::size_t rows, std::size_t cols) {
    const std::size_t ld = cols + gap;
    const std::vector<float> x = coarse_floats(rows * ld, 1), y = coarse_floats(rows * ld, 2);
    const std::vector<float> w = coarse_floats(cols, 3);

    std::vector<float> sum = w, expected = w;
    simd.add_rows(x.data(), ld, sum.data(), rows, cols);
    for (std::size_t r = 0; r < rows; ++r) reference::axpy(1.0f, x.data() + r * ld, expected.data(), cols);
    check_close(sum, expected, sum_error);

    sum = w, expected = w;
    simd.add_products(x.data(), ld, y.data(), ld, sum.data(), rows, cols);
    std::vector<float> product(cols);
    for (std::size_t r = 0; r < rows; ++r) {
      reference::multiply(x.data() + r * ld, y.data() + r * ld, product.data(), cols);
      reference::axpy(1.0f, product.data(), expected.data(), cols);
    }
    check_close(sum, expected, sum_error);

    std::vector<float> z = y, expected_z = y;
    simd.multiply_rows(x.data(), ld, w.data(), z.data(), ld, rows, cols);
    for (std::size_t r = 0; r < rows; ++r) {
      reference::multiply(x.data() + r * ld, w.data(), product.data(), cols);
      reference::axpy(1.0f, product.data(), expected_z.data() + r * ld, cols);
    }
    check_close(z, expected_z, sum_error);
  });
}

TEST_CASE("larger and affine agree with what they say, a NaN included") {
  for_each_size([&](const Simd& simd, std::size_t rows, std::size_t cols) {
    const std::size_t n = rows * cols;
    const std::vector<float> a = coarse_floats(n, 1, 5), b = coarse_floats(n, 2, 5), x = coarse_floats(n, 3);
    std::vector<float> y(n), expected(n);
    simd.larger(a.data(), b.data(), y.data(), n);
    for (std::size_t i = 0; i < n; ++i) {
      const bool is_nan = std::isnan(a[i]) || std::isnan(b[i]);
      if (is_nan ? !std::isnan(y[i]) : y[i] != std::max(a[i], b[i])) FAIL("element " << i);
    }
    simd.affine(0.5f, x.data(), -2.0f, y.data(), n);
    reference::affine(0.5f, x.data(), -2.0f, expected.data(), n);
    CHECK(y == expected);
  });
}

TEST_CASE("gather_add sums the rows of every width in their order, and nothing else") {
  for (const Simd* table : available_simd()) {
    for (std::size_t D : {0, 1, 3, 4, 8, 15, 16, 17, 50, 63, 64, 65, 128, 250}) {
      for (std::size_t n : {0, 1, 3, 7}) {
        INFO("D " << D << ", n " << n);
        const std::vector<float> rows = coarse_floats(10 * (D + 5), 1);
        const std::vector<std::int32_t> ids = {9, 0, 0, 5, 3, 9, 1};
        std::vector<float> y = coarse_floats(D + 1, 2), expected = y;
        table->gather_add(rows.data(), D + 5, ids.data(), y.data(), n, D);
        reference::gather_add(rows.data(), D + 5, ids.data(), expected.data(), n, D);
        CHECK(y == expected);
      }
    }
  }
}

TEST_CASE("gather copies the rows of every width, and nothing else") {
  xeras::testing::for_each_table([](const Simd& table) {
    for (std::size_t D : {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 50, 64, 65, 100, 128, 129, 300}) {
      INFO("D " << D);
      const std::vector<float> rows = xeras::testing::counting(10 * D);
      const std::vector<std::int32_t> ids = {9, 0, 0, 5, 3, 9, 1};
      std::vector<float> y(ids.size() * D + 1, -7.0f), expected = y;
      table.gather(rows.data(), ids.data(), y.data(), ids.size(), D);
      reference::gather(rows.data(), ids.data(), expected.data(), ids.size(), D);
      CHECK(y == expected);
    }
  });
}
