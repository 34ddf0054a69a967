#include "kernels/conv1d_max.hpp"

#include <cmath>
#include <vector>

#include "catch.hpp"
#include "support/close.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "xeras/core/random.hpp"

namespace {

using xeras::kernels::Conv1DSizes;
using xeras::testing::random_floats;
namespace kernels = xeras::kernels;
namespace reference = xeras::kernels::reference;

constexpr float rounding = 1e-5f;  // of sums of some ten terms of at most 1

// Against the gradient of the whole output, zero but for the winners.
void check_sizes(const Conv1DSizes& n) {
  constexpr std::size_t B = 2;
  const std::vector<float> x = random_floats(B * n.T * n.D, 1), w = random_floats(n.K * n.D * n.U, 2),
                           dy = random_floats(B * n.U, 3);
  std::vector<std::int32_t> winner(B * n.U);
  std::vector<float> whole(B * n.S * n.U);
  for (std::size_t i = 0; i < winner.size(); ++i) {
    const auto s = xeras::RandomStream(4).below(i, n.S);
    winner[i] = static_cast<std::int32_t>(s);
    whole[(i / n.U * n.S + s) * n.U + i % n.U] = dy[i];
  }
  std::vector<float> dw = random_floats(w.size(), 5), expected_dw = dw, room(w.size());
  std::vector<float> dx(x.size(), NAN), expected_dx(x.size());
  kernels::conv1d_max_kernel_grad(n, B, x.data(), winner.data(), dy.data(), dw.data());
  kernels::conv1d_max_input_grad(n, B, w.data(), winner.data(), dy.data(), room.data(), dx.data());
  for (std::size_t b = 0; b < B; ++b) {
    const float* dyb = whole.data() + b * n.S * n.U;
    reference::conv1d_kernel_grad(n, x.data() + b * n.T * n.D, dyb, expected_dw.data());
    reference::conv1d_input_grad(n, dyb, w.data(), expected_dx.data() + b * n.T * n.D);
  }
  check_close(dw, expected_dw, rounding);
  check_close(dx, expected_dx, rounding);
}

}  // namespace

TEST_CASE("conv1d_max agrees with the gradients of a convolution that is zero but for the winners") {
  check_sizes({.T = 7, .D = 3, .S = 5, .U = 4, .K = 3});
  check_sizes({.T = 7, .D = 3, .S = 7, .U = 20, .K = 3, .before = 1});
  check_sizes({.T = 9, .D = 70, .S = 5, .U = 17, .K = 4, .stride = 2, .before = 3});
  check_sizes({.T = 9, .D = 2, .S = 9, .U = 5, .K = 3, .dilation = 3, .before = 6});
  check_sizes({.T = 1, .D = 2, .S = 1, .U = 5, .K = 4, .before = 2});
}
