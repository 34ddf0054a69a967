#include <cmath>
#include <random>
#include <vector>

#include "catch.hpp"
#include "kernels/simd.hpp"
#include "support/close.hpp"
#include "support/random_floats.hpp"

namespace {

using xeras::kernels::available_simd;
using xeras::kernels::Simd;

constexpr double rounding = 1e-6;  // of numbers near 1

using Floats = std::vector<float>;
using xeras::testing::random_floats;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

// A whole number of vectors, some and a rest, less than one.
const std::vector<std::size_t> sizes{32, 21, 3, 1};

}  // namespace

TEST_CASE("lstm_forward and lstm_backward compute a step by its formulas, on every instruction set") {
  for (const Simd* simd : available_simd()) {
    for (const std::size_t U : sizes) {
      INFO(simd->name << ", " << U << " units");
      const Floats x = random_floats(4 * U, 1), c_before = random_floats(U, 2), dy = random_floats(U, 3),
                   dc_after = random_floats(U, 4);
      Floats z = x, c(U), a(U), h(U);
      simd->lstm_forward(z.data(), c_before.data(), c.data(), a.data(), h.data(), U);
      std::vector<double> gates(4 * U), carry(U), shown(U), y(U), dz(4 * U), dc(U);
      for (std::size_t u = 0; u < U; ++u) {
        const double i = sigmoid(x[u]), f = sigmoid(x[U + u]), g = std::tanh(x[2 * U + u]), o = sigmoid(x[3 * U + u]);
        gates[u] = i, gates[U + u] = f, gates[2 * U + u] = g, gates[3 * U + u] = o;
        carry[u] = f * c_before[u] + i * g;
        shown[u] = std::tanh(carry[u]);
        y[u] = o * shown[u];
        const double d = dc_after[u] + dy[u] * o * (1.0 - shown[u] * shown[u]);
        dz[u] = d * g * i * (1.0 - i);
        dz[U + u] = d * c_before[u] * f * (1.0 - f);
        dz[2 * U + u] = d * i * (1.0 - g * g);
        dz[3 * U + u] = dy[u] * shown[u] * o * (1.0 - o);
        dc[u] = d * f;
      }
      check_close(z, gates, rounding);
      check_close(c, carry, rounding);
      check_close(a, shown, rounding);
      check_close(h, y, rounding);
      Floats dh = dy, d_carry = dc_after;
      simd->lstm_backward(z.data(), c_before.data(), a.data(), dh.data(), d_carry.data(), U);
      check_close(z, dz, rounding);
      check_close(d_carry, dc, rounding);
      CHECK(dh == Floats(U, 0.0f));
    }
  }
}

TEST_CASE("gru_forward and gru_backward compute a step by its formulas, on every instruction set") {
  for (const Simd* simd : available_simd()) {
    for (const std::size_t U : sizes) {
      INFO(simd->name << ", " << U << " units");
      const Floats x = random_floats(3 * U, 1), from_h = random_floats(3 * U, 2), h_before = random_floats(U, 3),
                   dy = random_floats(U, 4);
      Floats z = x, h(U);
      simd->gru_forward(z.data(), from_h.data(), h_before.data(), h.data(), U);
      std::vector<double> gates(3 * U), y(U), dz(3 * U), d_from_h(3 * U), dh(U), d_inner(U);
      for (std::size_t u = 0; u < U; ++u) {
        const double update = sigmoid(double{x[u]} + from_h[u]), reset = sigmoid(double{x[U + u]} + from_h[U + u]);
        const double inner = from_h[2 * U + u], candidate = std::tanh(x[2 * U + u] + reset * inner);
        gates[u] = update, gates[U + u] = reset, gates[2 * U + u] = candidate;
        y[u] = update * h_before[u] + (1.0 - update) * candidate;
        const double dg = dy[u] * (1.0 - update) * (1.0 - candidate * candidate);
        d_from_h[u] = dz[u] = dy[u] * (h_before[u] - candidate) * update * (1.0 - update);
        d_from_h[U + u] = dz[U + u] = dg * inner * reset * (1.0 - reset);
        dz[2 * U + u] = dg;
        d_inner[u] = d_from_h[2 * U + u] = dg * reset;
        dh[u] = dy[u] * update;
      }
      check_close(z, gates, rounding);
      check_close(h, y, rounding);
      Floats inner(from_h.begin() + static_cast<std::ptrdiff_t>(2 * U), from_h.end()), d_h = dy, recurrent(3 * U);
      simd->gru_backward(z.data(), inner.data(), h_before.data(), d_h.data(), recurrent.data(), U);
      check_close(z, dz, rounding);
      check_close(recurrent, d_from_h, rounding);
      check_close(inner, d_inner, rounding);
      check_close(d_h, dh, rounding);
    }
  }
}
