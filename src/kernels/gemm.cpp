#include "kernels/gemm.hpp"

#include <cstdlib>
#include <memory>

#include "core/parallel.hpp"
#include "kernels/gemm_choice.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// Scratch memory of the calling thread. It is allocated, since a thread_local array would take that much from the stack
// of every thread of the program.
float* room() {
  thread_local const std::unique_ptr<float[], decltype(&std::free)> memory(
      static_cast<float*>(std::aligned_alloc(64, gemm_room * sizeof(float))), std::free);
  return memory.get();
}

// Products with at most so many columns would leave most of a vector empty: they are summed along K instead, or along M
// where a is transposed.
constexpr std::size_t few_columns = 2, few_columns_of_sums = 8;

// With this many rows, a matrix that fits into the caches is faster as it lies than packed.
constexpr std::size_t few_rows = 5, most_few_rows = 8, small_matrix = std::size_t{1} << 17;

// Column n of op(b) as a row, K numbers from `first` on; in `to` where it does not lie as one.
const float* column(bool trans_b, const float* b, std::size_t ldb, std::size_t n, std::size_t first, std::size_t K,
                    float* to) {
  if (trans_b) return b + n * ldb + first;
  if (ldb == 1) return b + first;
  for (std::size_t k = 0; k < K; ++k) to[k] = b[(first + k) * ldb + n];
  return to;
}

// c (M, N) = a (M, K) op(b) + beta c for few columns.
void gemm_few_columns(bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
                      const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  for (std::size_t first = 0; first < K; first += gemm_room, beta = 1.0f) {
    const std::size_t depth = std::min(gemm_room, K - first);
    for (std::size_t n = 0; n < N; ++n) {
      const float* along = column(trans_b, b, ldb, n, first, depth, room());
      for (std::size_t m = 0; m < M; ++m) {
        float& to = c[m * ldc + n];
        const float sum = simd().dot(a + m * lda + first, along, depth);
        to = beta == 0.0f ? sum : sum + beta * to;
      }
    }
  }
}

// c (M, N) = a (K, M)^T b (K, N) + beta c for few columns: c^T = b^T a is a product of few rows.
void gemm_sums_of_few_columns(std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
                              const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  constexpr std::size_t most = 512;
  alignas(64) float transposed[few_columns_of_sums * most];
  for (std::size_t m = 0; m < M; m += most) {
    const std::size_t rows = std::min(most, M - m);
    simd().gemm(true, false, N, rows, K, b, ldb, a + m, lda, 0.0f, transposed, most, room());
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t n = 0; n < N; ++n) {
        float& to = c[(m + i) * ldc + n];
        to = transposed[n * most + i] + (beta == 0.0f ? 0.0f : beta * to);
      }
    }
  }
}

// The part of c that one thread computes.
struct Part {
  std::size_t row, rows, column, columns;
};

// Calls multiply(part) for strips along the longer side of c: as many together as a thread takes. OpenBLAS gets each by
// itself, so that they are the same for any number of threads, and longer ones.
template <class Multiply>
void split(std::size_t M, std::size_t N, std::size_t K, bool by_blas, const Multiply& multiply) {
  const bool by_rows = M >= N;
  const std::size_t strip = by_blas ? 512 : 64, length = by_rows ? M : N, strips = (length + strip - 1) / strip;
  const auto multiply_strips = [&](std::size_t first, std::size_t last) {
    const std::size_t begin = first * strip, count = std::min(last * strip, length) - begin;
    multiply(by_rows ? Part{begin, count, 0, N} : Part{0, M, begin, count});
  };
  // With few rows, reading the other matrix takes longer than multiplying by it.
  const std::size_t work = std::max(M * N * K / products_a_float, M * K + K * N + M * N);
  parallel_for(strips, work / strips, [&](std::size_t first, std::size_t last) {
    if (!by_blas) return multiply_strips(first, last);
    for (; first < last; ++first) multiply_strips(first, first + 1);
  });
}

// A part of c = a op(b) + beta c by the own kernels.
void multiply_packed(const Part& part, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                     std::size_t ldc) {
  a += part.row * lda;
  c += part.row * ldc + part.column;
  if (b.N <= few_columns) {
    gemm_few_columns(b.trans, part.rows, part.columns, b.K, a, lda, b.data, b.ld, beta, c, ldc);
  } else if (!b.trans && few_rows <= part.rows && part.rows <= most_few_rows && b.K * b.N <= small_matrix) {
    simd().gemm(false, false, part.rows, part.columns, b.K, a, lda, b.data + part.column, b.ld, beta, c, ldc, room());
  } else {
    // A recurrent layer multiplies by the same matrix step after step. Each product begins where the one before it
    // ended, with columns that are still in the cache.
    thread_local bool backwards = false;
    backwards = !backwards;
    simd().gemm_packed(part.rows, b.N, b.K, part.column, part.columns, a, lda, b.packed, beta, c, ldc, backwards);
  }
}

}  // namespace

bool gemm_takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K) {
  return gemm_choice().takes_blas(trans_a, M, N, K);
}

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
  const GemmChoice& choice = gemm_choice();
  const bool by_blas = lda >= (trans_a ? M : K) && choice.takes_blas(trans_a, M, N, K);
  split(M, N, K, by_blas, [&](const Part& part) {
    const std::size_t rows = part.rows, columns = part.columns;
    const float* from_a = trans_a ? a + part.row : a + part.row * lda;
    const float* from_b = trans_b ? b + part.column * ldb : b + part.column;
    float* to = c + part.row * ldc + part.column;
    if (by_blas) {
      choice.multiply(trans_a, trans_b, rows, columns, K, from_a, lda, from_b, ldb, beta, to, ldc);
    } else if (N <= few_columns && !trans_a) {
      gemm_few_columns(trans_b, rows, columns, K, from_a, lda, from_b, ldb, beta, to, ldc);
    } else if (N <= few_columns_of_sums && trans_a && !trans_b) {
      gemm_sums_of_few_columns(rows, columns, K, from_a, lda, from_b, ldb, beta, to, ldc);
    } else {
      simd().gemm(trans_a, trans_b, rows, columns, K, from_a, lda, from_b, ldb, beta, to, ldc, room());
    }
  });
}

std::size_t packed_size(std::size_t K, std::size_t N) {
  gemm_choice();  // so that a wrong XERAS_GEMM raises while a model is built, not in a thread of the library's
  return simd().packed_size(K, N);
}

void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  simd().pack(trans_b, K, N, b, ldb, packed);
}

void gemm_packed(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                 std::size_t ldc) {
  if (const GemmChoice& choice = gemm_choice(); lda >= b.K && choice.takes_blas(false, M, b.N, b.K)) {
    choice.multiply(false, b.trans, M, b.N, b.K, a, lda, b.data, b.ld, beta, c, ldc);
  } else {
    multiply_packed({0, M, 0, b.N}, a, lda, b, beta, c, ldc);
  }
}

void gemm(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
          std::size_t ldc) {
  if (M == 0) return;
  const GemmChoice& choice = gemm_choice();
  const bool by_blas = lda >= b.K && choice.takes_blas(false, M, b.N, b.K);
  split(M, b.N, b.K, by_blas, [&](const Part& part) {
    if (!by_blas) return multiply_packed(part, a, lda, b, beta, c, ldc);
    choice.multiply(false, b.trans, part.rows, part.columns, b.K, a + part.row * lda, lda,
                    b.trans ? b.data + part.column * b.ld : b.data + part.column, b.ld, beta,
                    c + part.row * ldc + part.column, ldc);
  });
}

}  // namespace xeras::kernels
