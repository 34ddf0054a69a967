#include "kernels/pool1d.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/reference_kernels.hpp"

namespace {

using xeras::kernels::Pool1DSizes;
namespace kernels = xeras::kernels;
namespace reference = xeras::kernels::reference;

constexpr double mean_error = 1e-6;  // of numbers in [-1, 1]
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

// Few different values, so that some of a window are equal.
std::vector<float> random_floats(std::size_t n, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> values(-4, 4);
  std::vector<float> x(n);
  for (float& v : x) v = static_cast<float>(values(random)) / 4.0f;
  return x;
}

void check_sizes(const Pool1DSizes& n) {
  INFO("T " << n.T << " S " << n.S << " size " << n.size << " stride " << n.stride << " before " << n.before);
  const std::vector<float> x = random_floats(n.T * n.D, 1), dy = random_floats(n.S * n.D, 2);
  std::vector<float> y(n.S * n.D, not_a_number), dx(n.T * n.D, not_a_number);
  std::vector<float> expected_y = y, expected_dx = dx;
  kernels::max_pool1d(n, x.data(), y.data());
  reference::max_pool1d(n, x.data(), expected_y.data());
  CHECK(y == expected_y);
  kernels::max_pool1d_grad(n, x.data(), y.data(), dy.data(), dx.data());
  reference::max_pool1d_grad(n, x.data(), y.data(), dy.data(), expected_dx.data());
  check_close(dx, expected_dx, mean_error);
  kernels::average_pool1d(n, x.data(), y.data());
  reference::average_pool1d(n, x.data(), expected_y.data());
  check_close(y, expected_y, mean_error);
  kernels::average_pool1d_grad(n, dy.data(), dx.data());
  reference::average_pool1d_grad(n, dy.data(), expected_dx.data());
  check_close(dx, expected_dx, mean_error);
}

}  // namespace

TEST_CASE("pool1d agrees with the reference for every size, stride and padding") {
  for (std::size_t T : {1, 2, 7, 12}) {
    for (std::size_t size : {1, 2, 3, 5}) {
      for (std::size_t stride : {1, 2, 3, 6}) {
        const std::size_t S = (T - 1) / stride + 1, needed = (S - 1) * stride + size;
        check_sizes(
            {.T = T, .D = 5, .S = S, .size = size, .stride = stride, .before = needed > T ? (needed - T) / 2 : 0});
        if (size <= T) check_sizes({.T = T, .D = 5, .S = (T - size) / stride + 1, .size = size, .stride = stride});
      }
    }
  }
}

TEST_CASE("max_pool1d keeps a NaN, wherever in the window it stands") {
  const Pool1DSizes n{.T = 3, .D = 1, .S = 1, .size = 3};
  for (std::size_t place : {0, 1, 2}) {
    std::vector<float> x{1, 3, 2};
    x[place] = not_a_number;
    float y = 0.0f;
    kernels::max_pool1d(n, x.data(), &y);
    CHECK(std::isnan(y));
    const float dy = 5.0f;
    std::vector<float> dx(3), expected(3);
    expected[place] = dy;
    kernels::max_pool1d_grad(n, x.data(), &y, &dy, dx.data());
    CHECK(dx == expected);
  }
}
