#pragma once

#include <cstddef>

namespace xeras::kernels {

// op(a) (M, K), op(b) (K, N), c (M, N), all row-major: c = alpha op(a) op(b) + beta c.
// op(x) is x, or with trans_x the transpose of x, which is then stored (K, M) or (N, K). lda, ldb and ldc are the
// distances between stored rows. With beta 0 c is only written: what it held, NaN included, does not matter.
// M, N or K may be 0; K = 0 leaves c = beta c.
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, float alpha, const float* a,
          std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

}  // namespace xeras::kernels
