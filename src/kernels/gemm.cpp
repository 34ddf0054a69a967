#include "kernels/gemm.hpp"

#include <cblas.h>

#include "kernels/simd.hpp"

namespace xeras::kernels {

// op(a) (M, K), op(b) (K, N), c (M, N).
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  if (M == 0 || N == 0) return;
  if (K == 0) {
    // BLAS would accept it, but wants lda >= 1 and differs between versions in what beta = 0 does to NaN.
    for (std::size_t m = 0; m < M; ++m) {
      for (std::size_t n = 0; n < N; ++n) c[m * ldc + n] = beta == 0.0f ? 0.0f : beta * c[m * ldc + n];
    }
    return;
  }
  cblas_sgemm(CblasRowMajor, trans_a ? CblasTrans : CblasNoTrans, trans_b ? CblasTrans : CblasNoTrans,
              static_cast<blasint>(M), static_cast<blasint>(N), static_cast<blasint>(K), alpha, a,
              static_cast<blasint>(lda), b, static_cast<blasint>(ldb), beta, c, static_cast<blasint>(ldc));
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
