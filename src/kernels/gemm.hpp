#pragma once

#include <cstddef>

namespace xeras::kernels {

// Products that are summed in the time that a loop takes over a float: what work costs, for parallel_for.
constexpr std::size_t products_a_float = 8;

// op(a) (M, K), op(b) (K, N), c (M, N), all row-major: c = op(a) op(b) + beta c, in several threads where that pays.
// op(x) is x, or with trans_x the transpose of x, which is then stored (K, M) or (N, K). lda, ldb and ldc are the
// distances between stored rows. With beta 0 c is only written: what it held, NaN included, does not matter.
// M, N or K may be 0; K = 0 leaves c = beta c. Each element of c is summed in the order of K, whatever M, N and the
// number of threads.
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

// For one b that meets many a: pack puts op(b) into the order in which the product reads it, in packed_size(K, N)
// floats; gemm_packed is then c = a op(b) + beta c, in this thread alone, with a (M, K) and c (M, N). Each row of c has
// the same bits in any batch. K is at least 1.
std::size_t packed_size(std::size_t K, std::size_t N);
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed);
void gemm_packed(std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda, const float* packed,
                 float beta, float* c, std::size_t ldc);

}  // namespace xeras::kernels
