#include "kernels/simd.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/simd_tables.hpp"

using namespace xeras::kernels;
using namespace xeras::testing;

namespace {

// In units in the last place of the reference's result.
constexpr double exp_ulp = 2.0;
constexpr double log_ulp = 2.0;
constexpr double tanh_ulp = 2.0;
constexpr double sigmoid_ulp = 3.0;

const std::vector<float> special_values = {0.0f,   -0.0f, 1e-40f,  -1e-40f, 1e-10f,       -1e-10f,   0.625f,  -0.625f,
                                           1.0f,   -1.0f, 9.0f,    -9.0f,   88.0f,        -88.0f,    88.75f,  -88.75f,
                                           100.0f, 1e30f, -100.0f, -1e30f,  not_a_number, -infinity, infinity};

using Elementwise = void (*)(const float* x, float* y, std::size_t n);

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
