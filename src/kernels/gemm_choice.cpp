#include "kernels/gemm_choice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// A smaller product costs less than the call of a BLAS.
constexpr double products_of_a_call = 1 << 14;
// With AVX2, OpenBLAS is faster for larger products: for M, N, K = 256, 20000, 256 it reaches 103 GFLOP/s, the
// library's kernels 77.
constexpr double products_of_large_sums = 1 << 28;

double products(std::size_t M, std::size_t N, std::size_t K) {
  return static_cast<double>(M) * static_cast<double>(N) * static_cast<double>(K);
}

// Returns numbers in [-1, 1), the same in each run.
std::vector<float> some_floats(std::size_t count, std::uint32_t seed) {
  std::vector<float> floats(count);
  for (float& x : floats) {
    seed = seed * 1664525u + 1013904223u;
    x = static_cast<float>(static_cast<std::int32_t>(seed)) * 0x1p-31f;
  }
  return floats;
}

// Describes a product that differs, or returns an empty string.
std::string find_disagreement(Product blas) {
  struct Case {
    bool trans_a, trans_b;
    std::size_t M, N, K;
  };
  // The cases cover tiles, edges, few rows, and the blocks of a larger product, in each form.
  constexpr Case cases[] = {{false, false, 1, 48, 33},  {false, false, 7, 97, 65}, {false, true, 33, 18, 40},
                            {true, false, 50, 31, 19},  {true, true, 5, 6, 7},     {false, false, 64, 64, 64},
                            {true, false, 48, 96, 130}, {false, true, 65, 80, 300}};
  std::vector<float> room(gemm_room);
  for (const auto& [trans_a, trans_b, M, N, K] : cases) {
    const std::vector<float> a = some_floats(M * K, 1), b = some_floats(K * N, 2);
    std::vector<float> expected = some_floats(M * N, 3), c = expected;
    const std::size_t lda = trans_a ? M : K, ldb = trans_b ? K : N;
    simd().gemm(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, 0.5f, expected.data(), N, room.data());
    blas(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, 0.5f, c.data(), N);
    for (std::size_t i = 0; i < M * N; ++i) {
      const float difference = std::abs(c[i] - expected[i]);
      if (difference <= 1e-4f) continue;  // false for NaN
      return fmt::format("element ({}, {}) of a product ({}, {}) x ({}, {}){} is {}, not {}", i / N, i % N, M, K, K, N,
                         trans_a || trans_b ? " of transposed matrices" : "", c[i], expected[i]);
    }
  }
  return {};
}

}  // namespace

const std::string& GemmChoice::disagreement() const {
  std::call_once(checked_, [this] { disagreement_ = find_disagreement(blas_); });
  return disagreement_;
}

bool GemmChoice::blas_agrees() const { return disagreement().empty(); }

bool GemmChoice::takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K) const {
  if (engine() == GemmEngine::own) return false;
  double least = products_of_a_call;
  if (const std::size_t vector = simd().vector_bytes; engine() == GemmEngine::automatic && vector >= 32) {
    // The library's kernels are tuned for these vectors, and with OpenBLAS the bits of a row would depend on the other
    // rows. A sum over rows, such as the gradient of weights, has no rows to keep apart.
    if (vector > 32 || !trans_a) return false;
    if (K > gemm_long_sum) return false;  // OpenBLAS loses more by the split into parts
    least = products_of_large_sums;
  }
  constexpr std::size_t most = std::numeric_limits<int>::max();  // a BLAS counts in int
  return products(M, N, K) >= least && std::max({M, N, K}) <= most && blas_agrees();
}

}  // namespace xeras::kernels
