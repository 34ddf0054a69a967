#include "kernels/gemm.hpp"

#include "core/parallel.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// Of this thread.
alignas(64) thread_local float room[gemm_room];

}  // namespace

// op(a) (M, K), op(b) (K, N), c (M, N).
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  if (M == 0 || N == 0) return;
  if (K == 0) {
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t n = 0; n < N; ++n) c[m * ldc + n] = beta == 0.0f ? 0.0f : beta * c[m * ldc + n];
    }
    return;
  }
  // Split along the longer side of c, into strips that are worth packing the other matrix for.
  constexpr std::size_t strip = 64;
  const bool by_rows = M >= N;
  const std::size_t length = by_rows ? M : N, strips = (length + strip - 1) / strip;
  parallel_for(strips, M * N * K / strips / products_a_float, [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * strip, count = std::min(last * strip, length) - begin;
    if (by_rows) {
      simd().gemm(trans_a, trans_b, count, N, K, trans_a ? a + begin : a + begin * lda, lda, b, ldb, beta,
                  c + begin * ldc, ldc, room);
    } else {
      simd().gemm(trans_a, trans_b, M, count, K, a, lda, trans_b ? b + begin * ldb : b + begin, ldb, beta, c + begin,
                  ldc, room);
    }
  });
}

std::size_t packed_size(std::size_t K, std::size_t N) { return simd().packed_size(K, N); }

void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  simd().pack(trans_b, K, N, b, ldb, packed);
}

void gemm_packed(std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda, const float* packed,
                 float beta, float* c, std::size_t ldc) {
  simd().gemm_packed(M, N, K, a, lda, packed, beta, c, ldc);
}

}  // namespace xeras::kernels
