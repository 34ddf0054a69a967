#include "kernels/simd.hpp"

#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

using namespace xeras::kernels;
using namespace xeras::testing;

TEST_CASE("add_bias agrees with the reference") {
  for_each_table([](const Simd& table) {
    for (std::size_t cols : lengths()) {
      std::vector<float> y = random_floats(5 * cols, -1.0f, 1.0f), expected = y;
      const std::vector<float> bias = random_floats(cols, -1.0f, 1.0f, 2);
      table.add_bias(y.data(), bias.data(), 5, cols);
      reference::add_bias(expected.data(), bias.data(), 5, cols);
      CHECK(y == expected);
    }
  });
}

TEST_CASE("add_rows agrees with the reference, and adds to what is there") {
  for_each_table([](const Simd& table) {
    for (std::size_t rows : {0, 1, 7, 8, 9, 35}) {
      for (std::size_t cols : lengths()) {
        const std::vector<float> x = counting(rows * cols);
        std::vector<float> sum(cols, 3.0f), expected = sum;
        table.add_rows(x.data(), cols, sum.data(), rows, cols);
        reference::add_rows(x.data(), expected.data(), rows, cols);
        CHECK(sum == expected);
      }
    }
  });
}

TEST_CASE("axpy, scale and multiply agree with the reference") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      const std::vector<float> x = random_floats(n, 0.5f, 1.0f, 1), start = random_floats(n, 0.5f, 1.0f, 2);
      std::vector<float> y = start, expected = start;
      table.axpy(0.3f, x.data(), y.data(), n);
      reference::axpy(0.3f, x.data(), expected.data(), n);
      CHECK(largest_distance(y, expected) <= one_rounding);
      y = expected = start;
      table.scale(0.3f, y.data(), n);
      reference::scale(0.3f, expected.data(), n);
      CHECK(y == expected);
      table.multiply(x.data(), start.data(), y.data(), n);
      reference::multiply(x.data(), start.data(), expected.data(), n);
      CHECK(y == expected);
    }
  });
}

TEST_CASE("multiply can write over either operand") {
  for_each_table([](const Simd& table) {
    const std::vector<float> a = counting(67), b = random_floats(67, -1.0f, 1.0f);
    std::vector<float> product(67), over_a = a, over_b = b;
    table.multiply(a.data(), b.data(), product.data(), 67);
    table.multiply(over_a.data(), b.data(), over_a.data(), 67);
    table.multiply(a.data(), over_b.data(), over_b.data(), 67);
    CHECK(over_a == product);
    CHECK(over_b == product);
  });
}

TEST_CASE("axpy, scale and add_bias give an element the same bits wherever it lies") {
  for_each_table([](const Simd& table) {
    const std::vector<float> x = random_floats(100, -1.0f, 1.0f), start = random_floats(100, -1.0f, 1.0f, 2);
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> y = start, z = start, w = start, v = start;
      table.axpy(0.3f, x.data() + offset, y.data() + offset, n);
      table.scale(0.3f, z.data() + offset, n);
      table.add_bias(w.data() + offset, x.data() + offset, 1, n);
      table.add_rows(x.data() + offset, 0, v.data() + offset, 1, n);
      return Arrays{y, z, w, v};
    });
  });
}
