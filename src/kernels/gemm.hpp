#pragma once

#include <cstddef>

namespace xeras::kernels {

// Products that are summed in the time that a loop takes over a float: what work costs, for parallel_for.
constexpr std::size_t products_a_float = 16;

// A sum of more than gemm_long_sum products keeps its digits, as in long_sums.hpp; one of fewer is the sum of as many
// terms as gemm_terms says, each of them a sum of products.
constexpr std::size_t gemm_long_sum = std::size_t{1} << 14;
constexpr std::size_t gemm_terms(std::size_t K) { return K > gemm_long_sum ? 1 : (K + 255) / 256; }

// op(a) (M, K), op(b) (K, N), c (M, N), all row-major: c = op(a) op(b) + beta c, in several threads where that pays.
// op(x) is x, or with trans_x the transpose of x, which is then stored (K, M) or (N, K). lda, ldb and ldc are the
// distances between stored rows; rows of a may overlap, which OpenBLAS never gets. With beta 0 c is only written: what
// it held, NaN included, does not matter. M, N or K may be 0; K = 0 leaves c = beta c. The bits of c do not depend on
// the number of threads, nor those of a row on the other rows, but where gemm_takes_blas says so.
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

// True where OpenBLAS computes such a product, or parts of it: see set_gemm_engine. Whoever splits rows among threads
// must then split them in the same way for any number of threads.
bool gemm_takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K);

// For one matrix that meets many a: pack puts it into the order in which the product reads it, in packed_size(K, N)
// floats; gemm_packed is then c = a op(b) + beta c, in this thread alone, with a (M, K) and c (M, N). K is at least 1.
struct PackedMatrix {
  bool trans;
  std::size_t K, N;
  const float* data;  // as it was given: (K, N), or (N, K) where it is transposed
  std::size_t ld;
  const float* packed;
};
std::size_t packed_size(std::size_t K, std::size_t N);
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed);
void gemm_packed(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                 std::size_t ldc);
// The same in several threads where that pays.
void gemm(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c, std::size_t ldc);

}  // namespace xeras::kernels
