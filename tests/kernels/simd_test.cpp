#include "kernels/simd.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"

namespace {

using xeras::kernels::available_simd;
using xeras::kernels::Simd;
namespace reference = xeras::kernels::reference;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float smallest_normal = std::numeric_limits<float>::min();

// In units in the last place of the reference's result.
constexpr double exact = 0.0;
constexpr double one_rounding = 1.0;
constexpr double few_roundings = 4.0;
constexpr double exp_ulp = 2.0;
constexpr double log_ulp = 2.0;
constexpr double tanh_ulp = 2.0;
constexpr double sigmoid_ulp = 3.0;
constexpr double softmax_ulp = 16.0;  // mostly the rounding of x - max, which exp turns into a relative error

// Absolute.
constexpr double sum_tolerance = 1e-6;          // for each term, of at most 1
constexpr double log_softmax_tolerance = 2e-6;  // a log near 0 comes from a sum near 1
constexpr double row_total_tolerance = 2e-6;

std::vector<std::size_t> lengths() {
  std::vector<std::size_t> all(68);
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  all.push_back(1000);
  return all;
}

// 0, 1, 2, ... as often as wanted: exact in sums, and every element is recognizable.
std::vector<float> counting(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i);
  return x;
}

const std::vector<float> special_values = {0.0f,   -0.0f, 1e-40f,  -1e-40f, 1e-10f,       -1e-10f,   0.625f,  -0.625f,
                                           1.0f,   -1.0f, 9.0f,    -9.0f,   88.0f,        -88.0f,    88.75f,  -88.75f,
                                           100.0f, 1e30f, -100.0f, -1e30f,  not_a_number, -infinity, infinity};

// How many ulp of `expected` lie between the two; 0 for two NaN. What is below the normal range may be 0.
double distance(float got, float expected) {
  if (std::isnan(got) && std::isnan(expected)) return 0.0;
  if (got == expected) return 0.0;
  if (!std::isfinite(got) || !std::isfinite(expected)) return infinity;
  const float size = std::max(std::fabs(expected), smallest_normal);
  if (size == smallest_normal) return std::fabs(got - expected) <= smallest_normal ? 0.0 : infinity;
  return std::fabs(static_cast<double>(got) - expected) / (static_cast<double>(std::nextafter(size, infinity)) - size);
}

double largest_distance(const std::vector<float>& got, const std::vector<float>& expected) {
  REQUIRE(got.size() == expected.size());
  double largest = 0.0;
  for (std::size_t i = 0; i < got.size(); ++i) largest = std::max(largest, distance(got[i], expected[i]));
  return largest;
}

using Arrays = std::vector<std::vector<float>>;

bool same_bits(const float* a, const float* b, std::size_t n) {
  return n == 0 || std::memcmp(a, b, n * sizeof(float)) == 0;
}
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && same_bits(a.data(), b.data(), a.size());
}

// Runs body once per instruction set of this processor.
template <class F>
void for_each_table(F body) {
  for (const Simd* table : available_simd()) {
    INFO("instruction set " << table->name);
    body(*table);
  }
}

using Elementwise = void (*)(const float* x, float* y, std::size_t n);
using xeras::testing::random_floats;

struct ElementwiseCase {
  const char* name;
  Elementwise Simd::*kernel;
  Elementwise expected;
  float low, high;  // where random values are drawn from
  double tolerance;
};

const std::vector<ElementwiseCase> elementwise_cases = {
    {"exp", &Simd::exp, reference::exp, -87.0f, 88.0f, exp_ulp},
    {"log", &Simd::log, reference::log, 0.0f, 1000.0f, log_ulp},
    {"log near 1", &Simd::log, reference::log, 0.5f, 2.0f, log_ulp},
    {"tanh", &Simd::tanh, reference::tanh, -10.0f, 10.0f, tanh_ulp},
    {"tanh near 0", &Simd::tanh, reference::tanh, -1.0f, 1.0f, tanh_ulp},
    {"sigmoid", &Simd::sigmoid, reference::sigmoid, -30.0f, 30.0f, sigmoid_ulp},
    {"relu", &Simd::relu, reference::relu, -1.0f, 1.0f, exact},
};

// f(offset, n) runs a kernel on n elements from `offset` on, in a long array that the caller made anew, and returns
// every array it may have written. Whatever lies outside must stay, and what lies inside must not depend on n.
template <class F>
void check_parts(F f) {
  constexpr std::size_t total = 100;
  const Arrays before = f(0, 0), whole = f(0, total);
  bool outside_kept = true, inside_equal = true;
  for (std::size_t n = 0; n <= 67; ++n) {
    for (std::size_t offset : {0, 1, 5, 16, 31}) {
      const Arrays part = f(offset, n);
      for (std::size_t k = 0; k < part.size(); ++k) {
        const float* p = part[k].data();
        inside_equal &= same_bits(p + offset, whole[k].data() + offset, n);
        outside_kept &= same_bits(p, before[k].data(), offset);
        outside_kept &= same_bits(p + offset + n, before[k].data() + offset + n, total - offset - n);
      }
    }
  }
  CHECK(inside_equal);
  CHECK(outside_kept);
}

}  // namespace

TEST_CASE("available_simd begins with what every processor has, and simd is among it") {
  const auto tables = available_simd();
  REQUIRE(!tables.empty());
#if defined(__x86_64__)
  CHECK(std::string(tables.front()->name) == "sse2");
#endif
  CHECK(std::count(tables.begin(), tables.end(), &xeras::kernels::simd()) == 1);
}

TEST_CASE("exp, log, tanh, sigmoid and relu agree with the reference at every length") {
  for_each_table([](const Simd& table) {
    for (const ElementwiseCase& c : elementwise_cases) {
      INFO(c.name);
      for (std::size_t n : lengths()) {
        const std::vector<float> x = random_floats(n, c.low, c.high, static_cast<unsigned>(n));
        std::vector<float> y(n), expected(n);
        (table.*c.kernel)(x.data(), y.data(), n);
        c.expected(x.data(), expected.data(), n);
        CHECK(largest_distance(y, expected) <= c.tolerance);
      }
    }
  });
}

TEST_CASE("exp, log, tanh, sigmoid and relu agree with the reference at special values") {
  for_each_table([](const Simd& table) {
    for (const ElementwiseCase& c : elementwise_cases) {
      std::vector<float> y(special_values.size()), expected(special_values.size());
      (table.*c.kernel)(special_values.data(), y.data(), y.size());
      c.expected(special_values.data(), expected.data(), y.size());
      for (std::size_t i = 0; i < y.size(); ++i) {
        INFO(c.name << "(" << special_values[i] << ") = " << y[i] << ", expected " << expected[i]);
        CHECK(distance(y[i], expected[i]) <= c.tolerance);
      }
    }
  });
}

TEST_CASE("exp, log, tanh, sigmoid and relu can work in place") {
  for_each_table([](const Simd& table) {
    for (const ElementwiseCase& c : elementwise_cases) {
      INFO(c.name);
      std::vector<float> x = random_floats(67, c.low, c.high), y(67);
      (table.*c.kernel)(x.data(), y.data(), 67);
      (table.*c.kernel)(x.data(), x.data(), 67);
      CHECK(same_bits(x, y));
    }
  });
}

TEST_CASE("exp, log, tanh, sigmoid and relu give an element the same bits wherever it lies") {
  for_each_table([](const Simd& table) {
    for (const ElementwiseCase& c : elementwise_cases) {
      INFO(c.name);
      check_parts([&](std::size_t offset, std::size_t n) {
        const std::vector<float> x = random_floats(100, c.low, c.high);
        std::vector<float> y(100, -7.0f);
        (table.*c.kernel)(x.data() + offset, y.data() + offset, n);
        return Arrays{y};
      });
    }
  });
}

TEST_CASE("tanh is odd and keeps the sign of zero") {
  for_each_table([](const Simd& table) {
    const std::vector<float> x = {0.0f, -0.0f, 0.3f, -0.3f, 3.0f, -3.0f, infinity, -infinity};
    std::vector<float> y(x.size());
    table.tanh(x.data(), y.data(), x.size());
    CHECK(!std::signbit(y[0]));
    CHECK(std::signbit(y[1]));
    for (std::size_t i = 0; i < x.size(); i += 2) CHECK(y[i] == -y[i + 1]);
  });
}

TEST_CASE("sigmoid saturates at 0 and 1, without NaN") {
  for_each_table([](const Simd& table) {
    const std::vector<float> x = {-infinity, -1000.0f, 1000.0f, infinity, 0.0f};
    std::vector<float> y(x.size());
    table.sigmoid(x.data(), y.data(), x.size());
    CHECK(y == std::vector<float>{0.0f, 0.0f, 1.0f, 1.0f, 0.5f});
  });
}

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

TEST_CASE("gather copies the rows of every width, and nothing else") {
  for_each_table([](const Simd& table) {
    for (std::size_t D : {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 50, 64, 65, 100, 128, 129, 300}) {
      INFO("D " << D);
      const std::vector<float> rows = counting(10 * D);
      const std::vector<std::int32_t> ids = {9, 0, 0, 5, 3, 9, 1};
      std::vector<float> y(ids.size() * D + 1, -7.0f), expected = y;
      table.gather(rows.data(), ids.data(), y.data(), ids.size(), D);
      reference::gather(rows.data(), ids.data(), expected.data(), ids.size(), D);
      CHECK(y == expected);
    }
  });
}

TEST_CASE("sgd agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected = w;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 2);
      table.sgd(w.data(), g.data(), n, 0.01f);
      reference::sgd(expected.data(), g.data(), n, 0.01f);
      CHECK(largest_distance(w, expected) <= one_rounding);
    }
  });
}

TEST_CASE("sgd_momentum agrees with the formula, plain and nesterov") {
  for_each_table([](const Simd& table) {
    for (bool nesterov : {false, true}) {
      for (std::size_t n : lengths()) {
        std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
        std::vector<float> v = random_floats(n, 0.5f, 1.0f, 2), expected_v = v;
        const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 3);
        table.sgd_momentum(w.data(), v.data(), g.data(), n, 0.01f, 0.9f, nesterov);
        reference::sgd_momentum(expected_w.data(), expected_v.data(), g.data(), n, 0.01f, 0.9f, nesterov);
        CHECK(largest_distance(w, expected_w) <= few_roundings);
        CHECK(largest_distance(v, expected_v) <= few_roundings);
      }
    }
  });
}

TEST_CASE("rmsprop agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
      std::vector<float> v = random_floats(n, 0.0f, 1.0f, 2), expected_v = v;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 3);
      table.rmsprop(w.data(), v.data(), g.data(), n, 0.01f, 0.9f, 1e-7f);
      reference::rmsprop(expected_w.data(), expected_v.data(), g.data(), n, 0.01f, 0.9f, 1e-7f);
      CHECK(largest_distance(w, expected_w) <= few_roundings);
      CHECK(largest_distance(v, expected_v) <= few_roundings);
    }
  });
}

TEST_CASE("rmsprop has epsilon inside the square root") {
  for_each_table([](const Simd& table) {
    float w = 1.0f, v = 0.0f;
    const float g = 1.0f;
    // v = 0.25, so that w = 1 - 0.5 / sqrt(0.25 + 0.75) = 0.5.
    table.rmsprop(&w, &v, &g, 1, 0.5f, 0.75f, 0.75f);
    CHECK(v == 0.25f);
    CHECK(w == 0.5f);
  });
}

TEST_CASE("adam agrees with the formula") {
  for_each_table([](const Simd& table) {
    for (std::size_t n : lengths()) {
      std::vector<float> w = random_floats(n, 1.0f, 2.0f, 1), expected_w = w;
      std::vector<float> m = random_floats(n, 0.5f, 1.0f, 2), expected_m = m;
      std::vector<float> v = random_floats(n, 0.1f, 1.0f, 3), expected_v = v;
      const std::vector<float> g = random_floats(n, -1.0f, 1.0f, 4);
      table.adam(w.data(), m.data(), v.data(), g.data(), n, 0.01f, 0.1f, 0.001f, 1e-7f);
      reference::adam(expected_w.data(), expected_m.data(), expected_v.data(), g.data(), n, 0.01f, 0.1f, 0.001f, 1e-7f);
      CHECK(largest_distance(w, expected_w) <= few_roundings);
      CHECK(largest_distance(m, expected_m) <= few_roundings);
      CHECK(largest_distance(v, expected_v) <= few_roundings);
    }
  });
}

TEST_CASE("adam has epsilon outside the square root") {
  for_each_table([](const Simd& table) {
    float w = 1.0f, m = 0.0f, v = 0.0f;
    const float g = 1.0f;
    // m = 0.5 and v = 0.25, so that w = 1 - 1 * 0.5 / (0.5 + 0.5) = 0.5.
    table.adam(&w, &m, &v, &g, 1, 1.0f, 0.5f, 0.25f, 0.5f);
    CHECK(m == 0.5f);
    CHECK(v == 0.25f);
    CHECK(w == 0.5f);
  });
}

TEST_CASE("sgd, sgd_momentum, rmsprop and adam give an element the same bits wherever it lies") {
  for_each_table([](const Simd& table) {
    const std::vector<float> g = random_floats(100, -1.0f, 1.0f, 1), start = random_floats(100, 0.1f, 1.0f, 2);
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start;
      table.sgd(w.data() + offset, g.data() + offset, n, 0.01f);
      return Arrays{w};
    });
    for (bool nesterov : {false, true}) {
      check_parts([&](std::size_t offset, std::size_t n) {
        std::vector<float> w = start, v = start;
        table.sgd_momentum(w.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.9f, nesterov);
        return Arrays{w, v};
      });
    }
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start, v = start;
      table.rmsprop(w.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.9f, 1e-7f);
      return Arrays{w, v};
    });
    check_parts([&](std::size_t offset, std::size_t n) {
      std::vector<float> w = start, m = start, v = start;
      table.adam(w.data() + offset, m.data() + offset, v.data() + offset, g.data() + offset, n, 0.01f, 0.1f, 0.001f,
                 1e-7f);
      return Arrays{w, m, v};
    });
  });
}

TEST_CASE("every kernel takes a count of 0 with null pointers") {
  for_each_table([](const Simd& table) {
    for (const ElementwiseCase& c : elementwise_cases) (table.*c.kernel)(nullptr, nullptr, 0);
    table.softmax(nullptr, nullptr, 0, 10);
    table.softmax(nullptr, nullptr, 3, 0);
    table.log_softmax(nullptr, nullptr, 0, 100);
    table.add_bias(nullptr, nullptr, 3, 0);
    table.add_rows(nullptr, 0, nullptr, 9, 0);
    table.axpy(1.0f, nullptr, nullptr, 0);
    table.scale(1.0f, nullptr, 0);
    table.multiply(nullptr, nullptr, nullptr, 0);
    table.add_masked_rows(nullptr, 0, nullptr, nullptr, 3, 0);
    table.add_to_doubles(nullptr, nullptr, 0);
    table.gather(nullptr, nullptr, nullptr, 0, 64);
    table.gather(nullptr, nullptr, nullptr, 0, 0);
    table.gather_add(nullptr, 0, nullptr, nullptr, 0, 0);
    table.sgd(nullptr, nullptr, 0, 1.0f);
    table.sgd_momentum(nullptr, nullptr, nullptr, 0, 1.0f, 0.9f, true);
    table.rmsprop(nullptr, nullptr, nullptr, 0, 1.0f, 0.9f, 1.0f);
    table.adam(nullptr, nullptr, nullptr, nullptr, 0, 1.0f, 0.1f, 0.1f, 1.0f);
    CHECK(table.dot(nullptr, nullptr, 0) == 0.0f);
    CHECK(table.sum(nullptr, 0) == 0.0f);
    CHECK(table.sum_of_squares(nullptr, 0) == 0.0f);
    CHECK(table.all_finite(nullptr, 0));
  });
}
