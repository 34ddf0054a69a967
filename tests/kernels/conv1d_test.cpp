#include "kernels/conv1d.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"

namespace {

using xeras::kernels::Conv1DSizes;
using xeras::testing::random_floats;
namespace kernels = xeras::kernels;
namespace reference = xeras::kernels::reference;

constexpr double tolerance_per_term = 2e-7;  // of terms in [-1, 1]
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

void check_equal(const std::vector<float>& a, const std::vector<float>& b, std::size_t terms) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE_FALSE(std::isnan(a[i]));
    largest = std::max(largest, std::fabs(double{a[i]} - b[i]));
  }
  CHECK(largest <= tolerance_per_term * static_cast<double>(terms + 1));
}

// All of the output, in parts of a few steps and, where there are no groups, a panel of filters.
std::vector<float> forward(const Conv1DSizes& n, const float* x, const float* w, const float* packed,
                           const float* bias) {
  std::vector<float> y(n.S * n.U, not_a_number);
  constexpr std::size_t few = 5;
  const std::size_t width = n.groups == 1 ? kernels::conv1d_panel : n.U;
  for (std::size_t s = 0; s < n.S; s += few) {
    for (std::size_t u = 0; u < n.U; u += width) {
      const kernels::Conv1DPart part{s, std::min(few, n.S - s), u, std::min(width, n.U - u)};
      std::vector<float> rows(part.steps * part.filters, not_a_number);
      kernels::conv1d(n, part, x, w, packed, bias, rows.data());
      for (std::size_t i = 0; i < part.steps; ++i) {
        std::copy_n(rows.data() + i * part.filters, part.filters, y.data() + (s + i) * n.U + u);
      }
    }
  }
  return y;
}

// With w packed, where that may be, and tap by tap.
void check_sizes(const Conv1DSizes& n) {
  INFO("T " << n.T << " D " << n.D << " S " << n.S << " U " << n.U << " K " << n.K << " stride " << n.stride
            << " dilation " << n.dilation << " before " << n.before << " groups " << n.groups);
  constexpr std::size_t B = 2;
  const std::vector<float> x = random_floats(B * n.T * n.D, 1), dy = random_floats(B * n.S * n.U, 2),
                           w = random_floats(n.K * (n.D / n.groups) * n.U, 3), bias = random_floats(n.U, 4);
  std::vector<float> room(kernels::conv1d_room(n.K, n.D, n.U), not_a_number);
  for (const bool packs : {true, false}) {
    float* packed = packs && n.groups == 1 ? room.data() : nullptr;
    std::vector<float> expected_y(n.S * n.U), dx(n.T * n.D, not_a_number), expected_dx = dx;
    if (packed != nullptr) kernels::conv1d_pack(n, w.data(), packed);
    for (const float* b : {bias.data(), static_cast<const float*>(nullptr)}) {
      reference::conv1d(n, x.data(), w.data(), b, expected_y.data());
      check_equal(forward(n, x.data(), w.data(), packed, b), expected_y, n.K * n.D / n.groups + 1);
    }
    if (packed != nullptr) kernels::conv1d_pack_transposed(n, w.data(), packed);
    kernels::conv1d_input_grad(n, dy.data(), w.data(), packed, dx.data());
    reference::conv1d_input_grad(n, dy.data(), w.data(), expected_dx.data());
    check_equal(dx, expected_dx, n.K * n.U / n.groups);
  }
  std::vector<float> dw = random_floats(w.size(), 5), expected_dw = dw;
  std::vector<float> room_of_grad(kernels::conv1d_kernel_grad_room(n, B), not_a_number);
  kernels::conv1d_kernel_grad(n, B, x.data(), dy.data(), dw.data(), room_of_grad.data());
  for (std::size_t b = 0; b < B; ++b) {
    reference::conv1d_kernel_grad(n, x.data() + b * n.T * n.D, dy.data() + b * n.S * n.U, expected_dw.data());
  }
  check_equal(dw, expected_dw, B * n.S);
}

}  // namespace

TEST_CASE("conv1d agrees with the reference for every stride, dilation and padding") {
  for (std::size_t T : {1, 2, 7, 12}) {
    for (std::size_t K : {1, 2, 3, 5}) {
      for (std::size_t stride : {1, 2, 3}) {
        for (std::size_t dilation : {1, 2, 4}) {
          const std::size_t span = (K - 1) * dilation + 1;
          for (std::size_t before : {std::size_t{0}, span / 2, span - 1}) {
            check_sizes({.T = T,
                         .D = 3,
                         .S = (T - 1) / stride + 1,
                         .U = 4,
                         .K = K,
                         .stride = stride,
                         .dilation = dilation,
                         .before = before});
          }
        }
      }
    }
  }
}

TEST_CASE("conv1d agrees with the reference in groups, down to one feature each") {
  check_sizes({.T = 9, .D = 6, .S = 9, .U = 4, .K = 3, .before = 1, .groups = 2});
  check_sizes({.T = 9, .D = 6, .S = 4, .U = 9, .K = 2, .stride = 2, .groups = 3});
  check_sizes({.T = 9, .D = 5, .S = 9, .U = 5, .K = 3, .dilation = 2, .before = 4, .groups = 5});
  check_sizes({.T = 9, .D = 5, .S = 4, .U = 15, .K = 3, .stride = 2, .groups = 5});
  check_sizes({.T = 9, .D = 1, .S = 7, .U = 3, .K = 3});
}

TEST_CASE("conv1d agrees with the reference at the size of a text model") {
  check_sizes({.T = 100, .D = 50, .S = 98, .U = 65, .K = 3});
  check_sizes({.T = 100, .D = 50, .S = 50, .U = 130, .K = 4, .stride = 2, .before = 1});
  check_sizes({.T = 90, .D = 64, .S = 90, .U = 64, .K = 5, .before = 2, .groups = 64});
}

TEST_CASE("conv1d of no steps or no features writes what there is") {
  const std::vector<float> bias{1, 2};
  const Conv1DSizes n{.T = 3, .D = 0, .S = 2, .U = 2, .K = 2};
  CHECK(forward(n, nullptr, nullptr, nullptr, bias.data()) == std::vector<float>{1, 2, 1, 2});
  kernels::conv1d_kernel_grad(n, 1, nullptr, nullptr, nullptr, nullptr);
  kernels::conv1d({.T = 0, .D = 1, .S = 0, .U = 2, .K = 2}, {0, 0, 0, 2}, nullptr, bias.data(), nullptr, nullptr,
                  nullptr);
}
