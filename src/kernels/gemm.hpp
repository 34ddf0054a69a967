#pragma once

#include <cstddef>

namespace xeras::kernels {

// The products that take as long as one float of a loop: the unit of work for parallel_for.
constexpr std::size_t products_a_float = 16;

// A sum of more than gemm_long_sum products keeps its digits (see long_sums.hpp). A shorter sum counts as gemm_terms
// terms, each of them a sum of products.
constexpr std::size_t gemm_long_sum = std::size_t{1} << 14;
constexpr std::size_t gemm_terms(std::size_t K) { return K > gemm_long_sum ? 1 : (K + 255) / 256; }

// Computes c = op(a) op(b) + beta c, in several threads if it is worth it: op(a) (M, K), op(b) (K, N), c (M, N), all
// row-major. op(x) is x, or with trans_x the transpose of x, which is then stored as (K, M) or (N, K). lda, ldb and ldc
// are the distances between stored rows. Rows of a may overlap; such products never go to OpenBLAS. With beta 0, c is
// only written: its old contents, NaN included, do not matter. M, N or K may be 0; K = 0 gives c = beta c. The bits of
// c do not depend on the number of threads, and those of a row do not depend on the other rows, unless gemm_takes_blas
// is true.
void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

// True when OpenBLAS computes such a product or parts of it (see set_gemm_engine). Callers that split rows among
// threads must then use the same split for any number of threads.
bool gemm_takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K);

// A matrix that multiplies many a. `pack` brings it into the order in which the product reads it, in packed_size(K, N)
// floats. gemm_packed then computes c = a op(b) + beta c in the calling thread, with a (M, K) and c (M, N). K is at
// least 1.
struct PackedMatrix {
  bool trans;
  std::size_t K, N;
  const float* data;  // unpacked: (K, N), or (N, K) if transposed
  std::size_t ld;
  const float* packed;
};
std::size_t packed_size(std::size_t K, std::size_t N);
void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed);
void gemm_packed(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                 std::size_t ldc);
// Computes the same in several threads if it is worth it.
void gemm(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c, std::size_t ldc);

}  // namespace xeras::kernels
