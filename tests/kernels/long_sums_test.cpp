#include "kernels/long_sums.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "catch.hpp"
#include "kernels/conv1d.hpp"
#include "kernels/conv1d_max.hpp"
#include "kernels/gemm.hpp"
#include "kernels/pool1d.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "support/gemm_engine.hpp"
#include "support/long_sums.hpp"
#include "support/threads.hpp"

namespace {

using namespace xeras::kernels;
using Floats = std::vector<float>;

using xeras::testing::check_long_sums;
using xeras::testing::LongSum;
using xeras::testing::many;
using xeras::testing::Sum;
using xeras::testing::Terms;
using Results = std::vector<Sum>;

// The last element of op(a) (M, K) op(b) (K, N), where the terms are each row of one and each column of the other.
Results product(const Terms& t, bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K) {
  Floats a(M * K), b(K * N), c(M * N);
  for (std::size_t k = 0; k < K; ++k) {
    for (std::size_t m = 0; m < M; ++m) a[trans_a ? k * M + m : m * K + k] = t.x[k];
    for (std::size_t n = 0; n < N; ++n) b[trans_b ? n * K + k : k * N + n] = t.y[k];
  }
  gemm(trans_a, trans_b, M, N, K, a.data(), trans_a ? M : K, b.data(), trans_b ? K : N, 0.0f, c.data(), N);
  double expected = 0.0;
  for (std::size_t k = 0; k < K; ++k) expected += double{t.x[k]} * t.y[k];
  return {{c.back(), expected}};
}

Results kernel_grad(const Terms& t, std::size_t B, const Conv1DSizes& n) {
  // Feature 0 and filter 0 of each group have the terms, and the others nothing.
  Floats x(B * n.T * n.D), dy(B * n.S * n.U), dw(n.K * (n.D / n.groups) * n.U), room(conv1d_kernel_grad_room(n, B));
  double expected = 0.0;
  for (std::size_t i = 0; i < B * n.T; ++i) {
    x[i * n.D] = t.x[i];
    dy[i * n.U] = t.y[i];
    expected += double{t.x[i]} * t.y[i];
  }
  conv1d_kernel_grad(n, B, x.data(), dy.data(), dw.data(), room.empty() ? nullptr : room.data());
  // The tap that meets the step of the output.
  return {{dw[n.before / n.dilation * (n.D / n.groups) * n.U], expected}};
}

}  // namespace

TEST_CASE("LongSums adds few terms up in float, and counts them") {
  float sums[2] = {16777216.0f, 0.0f}, room[LongSums::room(2)];
  LongSums long_sums(sums, 2, room);
  for (int i = 0; i < 64; ++i) long_sums.next(1)[0] += 1.0f;
  CHECK(long_sums.next(0) == sums);
  long_sums.finish();
  CHECK(sums[0] == 16777216.0f);  // 2^24 and 1 is no float
}

TEST_CASE("LongSums adds many terms up in double, to what the sums held") {
  float sums[2] = {16777216.0f, 5.0f}, room[LongSums::room(2)];
  LongSums long_sums(sums, 2, room);
  for (int i = 0; i < 1000; ++i) {
    float* const to = long_sums.next(10);
    to[0] += 2.0f;
    to[1] += 0.5f;
  }
  long_sums.finish();
  CHECK(sums[0] == 16777216.0f + 2000.0f);
  CHECK(sums[1] == 505.0f);
}

TEST_CASE("sum, dot and sum_of_squares keep their digits over 3,000,000 numbers") {
  for (const Simd* simd : available_simd()) {
    INFO("instruction set " << simd->name);
    check_long_sums({{"sum",
                      [=](const Terms& t) {
                        return Results{{simd->sum(t.x.data(), many), t.sum_x}};
                      }},
                     {"dot",
                      [=](const Terms& t) {
                        return Results{{simd->dot(t.x.data(), t.y.data(), many), t.products}};
                      }},
                     {"sum_of_squares", [=](const Terms& t) {
                        return Results{{simd->sum_of_squares(t.x.data(), many), t.squares}};
                      }}});
  }
}

TEST_CASE("softmax and log_softmax keep their digits over 1,000,000 classes") {
  constexpr std::size_t classes = 1'000'000;
  for (const Simd* simd : available_simd()) {
    INFO("instruction set " << simd->name);
    const auto log_sum = [](const Terms& t) {
      double sum = 0.0;
      for (std::size_t i = 0; i < classes; ++i) sum += std::exp(double{t.x[i]});
      return std::log(sum);
    };
    Floats y(classes);
    check_long_sums({{"softmax",
                      [&](const Terms& t) {
                        simd->softmax(t.x.data(), y.data(), 1, classes);
                        return Results{{y[0], std::exp(t.x[0] - log_sum(t))}};
                      }},
                     {"log_softmax", [&](const Terms& t) {
                        simd->log_softmax(t.x.data(), y.data(), 1, classes);
                        return Results{{y[0], t.x[0] - log_sum(t)}};
                      }}});
  }
}

TEST_CASE("Sums of 3,000,000 rows keep their digits") {
  check_long_sums({{"add_rows",
                    [](const Terms& t) {
                      float sum = 0.0f;
                      add_rows(t.x.data(), &sum, many, 1);
                      return Results{{sum, t.sum_x}};
                    }},
                   {"add_rows_apart",
                    [](const Terms& t) {
                      Floats sum(5);
                      add_rows_apart(t.x.data(), 5, sum.data(), many / 5, 5);
                      return Results{{double{sum[0]} + sum[1] + sum[2] + sum[3] + sum[4], t.sum_x}};
                    }},
                   {"SumOfRows",
                    [](const Terms& t) {
                      float sum = 0.0f;
                      SumOfRows rows(t.x.data(), 1, &sum, 1);
                      for (std::size_t i = 0; i < many; ++i) rows.add(static_cast<std::int32_t>(i));
                      rows.finish();
                      return Results{{sum, t.sum_x}};
                    }},
                   {"masked_mean",
                    [](const Terms& t) {
                      float mean = 0.0f;
                      std::vector<std::uint8_t> mask(many, 1);
                      masked_mean(t.x.data(), mask.data(), &mean, many, 1);
                      return Results{{mean, t.sum_x / many}};
                    }},
                   {"average_pool1d", [](const Terms& t) {
                      float mean = 0.0f;
                      average_pool1d({.T = many, .D = 1, .S = 1, .size = many}, t.x.data(), &mean);
                      return Results{{mean, t.sum_x / many}};
                    }}});
}

TEST_CASE("average_pool1d_grad keeps its digits over 3,000 windows") {
  constexpr std::size_t steps = 3000;
  check_long_sums({{"average_pool1d_grad", [](const Terms& t) {
                      Floats dx(2 * steps - 1);
                      average_pool1d_grad({.T = 2 * steps - 1, .D = 1, .S = steps, .size = steps}, t.x.data(),
                                          dx.data());
                      double expected = 0.0;
                      for (std::size_t s = 0; s < steps; ++s) expected += t.x[s] / double{steps};
                      return Results{{dx[steps - 1], expected}};
                    }}});
}

TEST_CASE("gemm keeps its digits over 3,000,000 products, by either engine", "[slow]") {
  for (const char* name : {"own", "blas"}) {
    const xeras::testing::GemmEngine engine(name);
    INFO("engine " << name);
    std::vector<LongSum> sums;
    for (const std::size_t columns : {1, 9}) {
      const std::string size = std::to_string(columns) + " columns";
      sums.push_back({"a^T b, " + size, [=](const Terms& t) { return product(t, true, false, 1, columns, many); }});
      sums.push_back({"a b, " + size, [=](const Terms& t) { return product(t, false, false, 1, columns, many); }});
      sums.push_back({"a b^T, " + size, [=](const Terms& t) { return product(t, false, true, 1, columns, many); }});
    }
    sums.push_back({"a^T b^T", [](const Terms& t) { return product(t, true, true, 1, 3, many); }});
    sums.push_back({"a^T b of many columns", [](const Terms& t) { return product(t, true, false, 3, 600, 30'000); }});
    sums.push_back({"a b of many rows", [](const Terms& t) { return product(t, false, false, 600, 3, 30'000); }});
    check_long_sums(sums);
  }
}

TEST_CASE("gemm of a packed matrix keeps its digits over 3,000,000 products") {
  check_long_sums({{"packed", [](const Terms& t) {
                      constexpr std::size_t N = 3;
                      Floats b(many * N), packed(packed_size(many, N)), c(N);
                      for (std::size_t k = 0; k < many; ++k) b[k * N + 2] = t.y[k];
                      pack(false, many, N, b.data(), N, packed.data());
                      gemm_packed(1, t.x.data(), many, {false, many, N, b.data(), N, packed.data()}, 0.0f, c.data(), N);
                      return Results{{c[2], t.products}};
                    }}});
}

TEST_CASE("gemm of long sums writes what products of few do, in parts and to any place") {
  const std::size_t M = 700, N = 530, K = gemm_long_sum + 100, ldc = N + 3;
  Floats a(K * M), b(K * N), c(M * ldc, 2.0f);
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(i % 3);
  for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(i % 5);
  Floats expected = c;
  // The same from sums of whole numbers, which are exact.
  for (std::size_t first = 0; first < K; first += gemm_long_sum) {
    gemm(true, false, M, N, std::min(gemm_long_sum, K - first), a.data() + first * M, M, b.data() + first * N, N,
         first == 0 ? 0.5f : 1.0f, expected.data(), ldc);
  }
  for (const int threads : {1, 2}) {
    const xeras::testing::Threads some(threads);
    Floats to = c;
    gemm(true, false, M, N, K, a.data(), M, b.data(), N, 0.5f, to.data(), ldc);
    CHECK(to == expected);
  }
}

TEST_CASE("The gradient of a convolution's kernel keeps its digits over 3,000,000 steps and samples", "[slow]") {
  const auto of = [](std::size_t B, Conv1DSizes n) {
    n.T = n.S = many / B;
    return LongSum{std::to_string(B) + " samples, " + std::to_string(n.K) + " taps, " + std::to_string(n.groups) +
                       " groups, dilation " + std::to_string(n.dilation),
                   [=](const Terms& t) { return kernel_grad(t, B, n); }};
  };
  std::vector<LongSum> sums;
  for (const std::size_t B : {std::size_t{1}, std::size_t{300}, many}) {
    sums.push_back(of(B, {.T = 0, .D = 1, .S = 0, .U = 2, .K = 1}));
    sums.push_back(of(B, {.T = 0, .D = 2, .S = 0, .U = 2, .K = 1, .groups = 2}));  // depthwise
  }
  sums.push_back(of(300, {.T = 0, .D = 1, .S = 0, .U = 1, .K = 3, .before = 1}));
  sums.push_back(of(300, {.T = 0, .D = 1, .S = 0, .U = 1, .K = 3, .dilation = 2, .before = 2}));
  sums.push_back(of(300, {.T = 0, .D = 2, .S = 0, .U = 4, .K = 1, .groups = 2}));
  sums.push_back(of(300, {.T = 0, .D = 4, .S = 0, .U = 4, .K = 1, .groups = 2}));
  check_long_sums(sums);
}

TEST_CASE("conv1d_max_kernel_grad keeps its digits over 3,000,000 samples") {
  check_long_sums({{"conv1d_max_kernel_grad", [](const Terms& t) {
                      const std::vector<std::int32_t> winner(many, 0);
                      float dw = 0.0f;
                      conv1d_max_kernel_grad({.T = 1, .D = 1, .S = 1, .U = 1, .K = 1}, many, t.x.data(), winner.data(),
                                             t.y.data(), &dw);
                      return Results{{dw, t.products}};
                    }}});
}
