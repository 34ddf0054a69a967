#include "kernels/gemm.hpp"

#include "core/parallel.hpp"
#include "kernels/gemm_choice.hpp"
#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

float* room() {
  static_assert(gemm_room <= room_of_thread);
  return scratch_of_thread();
}

// The part of c that one thread computes.
struct Part {
  std::size_t row, rows, column, columns;
};

// The most elements of a part of c with long sums, and the most columns of one.
constexpr std::size_t long_part = std::size_t{1} << 18, long_columns = 512;

// Returns room for the sums of a part and their LongSums.
float* room_of_long_part() { return more_scratch_of_thread(LongSums::room(long_part) + long_part); }

// Computes a part of c = sums + beta c, for sums of more than gemm_long_sum products. multiply(part, first, depth,
// sums, ld) adds `depth` products to each sum of a smaller part.
template <class Multiply>
void multiply_long(const Part& whole, std::size_t K, float beta, float* c, std::size_t ldc, const Multiply& multiply) {
  const std::size_t most_columns = std::min(whole.columns, long_columns), most_rows = long_part / most_columns;
  const std::size_t parts = (whole.rows + most_rows - 1) / most_rows;  // with (nearly) equal numbers of rows
  float *const room = room_of_long_part(), *const own = room + LongSums::room(long_part);
  for (std::size_t i = 0; i < parts; ++i) {
    const std::size_t m = whole.rows * i / parts, rows = whole.rows * (i + 1) / parts - m;
    for (std::size_t n = 0; n < whole.columns; n += most_columns) {
      const Part part{whole.row + m, rows, whole.column + n, std::min(most_columns, whole.columns - n)};
      std::fill_n(own, rows * part.columns, 0.0f);
      LongSums sums(own, rows * part.columns, room);
      for (std::size_t k = 0; k < K; k += terms_in_float) {
        constexpr std::size_t terms = 4;  // a weight for a sum of products, so that few of them are added in float
        multiply(part, k, std::min(terms_in_float, K - k), sums.next(terms), part.columns);
      }
      sums.finish();
      for (std::size_t r = 0; r < rows; ++r) {
        float* const to = c + (m + r) * ldc + n;
        const float* const sum = own + r * part.columns;
        for (std::size_t j = 0; j < part.columns; ++j) to[j] = beta == 0.0f ? sum[j] : sum[j] + beta * to[j];
      }
    }
  }
}

// Products with at most this many columns would leave most of a vector empty. They are summed along K instead, or along
// M if a is transposed.
constexpr std::size_t few_columns = 2, few_columns_of_sums = 8;

// The numbers of rows for which a matrix that fits into the caches is faster unpacked.
constexpr std::size_t few_rows = 5, most_few_rows = 8, small_matrix = std::size_t{1} << 17;

// Returns column n of op(b) as a row of K numbers from `first` on; copied to `to` unless it is contiguous.
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

// Computes c (M, N) = a (K, M)^T b (K, N) + beta c for few columns: c^T = b^T a is a product with few rows.
void gemm_sums_of_few_columns(std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
                              const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  constexpr std::size_t most = 512;
  alignas(64) float transposed[few_columns_of_sums * most];
  for (std::size_t m = 0; m < M; m += most) {
    const std::size_t rows = std::min(most, M - m);
    if (K <= gemm_long_sum) {
      simd().gemm(true, false, N, rows, K, b, ldb, a + m, lda, 0.0f, transposed, most, room());
    } else {
      multiply_long({0, N, 0, rows}, K, 0.0f, transposed, most,
                    [=](const Part& part, std::size_t k, std::size_t depth, float* to, std::size_t ldto) {
                      simd().gemm(true, false, part.rows, part.columns, depth, b + k * ldb + part.row, ldb,
                                  a + k * lda + m + part.column, lda, 1.0f, to, ldto, room());
                    });
    }
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t n = 0; n < N; ++n) {
        float& to = c[(m + i) * ldc + n];
        to = transposed[n * most + i] + (beta == 0.0f ? 0.0f : beta * to);
      }
    }
  }
}

// Calls multiply(part) for strips along the longer side of c. A thread's adjacent strips form one part. OpenBLAS gets
// each strip separately, so that the products are the same for any number of threads; its strips are longer.
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

// Computes a part of c = a op(b) + beta c with the library's kernels.
void multiply_packed(const Part& part, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                     std::size_t ldc) {
  a += part.row * lda;
  c += part.row * ldc + part.column;
  if (b.N <= few_columns) {
    gemm_few_columns(b.trans, part.rows, part.columns, b.K, a, lda, b.data, b.ld, beta, c, ldc);
  } else if (!b.trans && few_rows <= part.rows && part.rows <= most_few_rows && b.K * b.N <= small_matrix) {
    simd().gemm(false, false, part.rows, part.columns, b.K, a, lda, b.data + part.column, b.ld, beta, c, ldc, room());
  } else {
    // A recurrent layer multiplies by the same matrix at each step. Alternating directions lets each product begin with
    // the columns that the one before read last, which are still in the cache.
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
  const auto multiply = [&](const Part& part, std::size_t first, std::size_t depth, float beta_of_part, float* to,
                            std::size_t ldto) {
    const float* from_a = trans_a ? a + first * lda + part.row : a + part.row * lda + first;
    const float* from_b = trans_b ? b + part.column * ldb + first : b + first * ldb + part.column;
    if (by_blas) {
      choice.multiply(trans_a, trans_b, part.rows, part.columns, depth, from_a, lda, from_b, ldb, beta_of_part, to,
                      ldto);
    } else {
      simd().gemm(trans_a, trans_b, part.rows, part.columns, depth, from_a, lda, from_b, ldb, beta_of_part, to, ldto,
                  room());
    }
  };
  split(M, N, K, by_blas, [&](const Part& part) {
    float* to = c + part.row * ldc + part.column;
    if (!by_blas && N <= few_columns && !trans_a) {
      const float* from_b = trans_b ? b + part.column * ldb : b + part.column;
      gemm_few_columns(trans_b, part.rows, part.columns, K, a + part.row * lda, lda, from_b, ldb, beta, to, ldc);
    } else if (!by_blas && N <= few_columns_of_sums && trans_a && !trans_b) {
      gemm_sums_of_few_columns(part.rows, part.columns, K, a + part.row, lda, b + part.column, ldb, beta, to, ldc);
    } else if (K <= gemm_long_sum) {
      multiply(part, 0, K, beta, to, ldc);
    } else {
      multiply_long(part, K, beta, to, ldc,
                    [&](const Part& some, std::size_t first, std::size_t depth, float* sums, std::size_t ld) {
                      multiply(some, first, depth, 1.0f, sums, ld);
                    });
    }
  });
}

std::size_t packed_size(std::size_t K, std::size_t N) {
  gemm_choice();  // so that an invalid XERAS_GEMM throws while a model is built, not in a worker thread
  return simd().packed_size(K, N);
}

void pack(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed) {
  simd().pack(trans_b, K, N, b, ldb, packed);
}

void gemm_packed(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
                 std::size_t ldc) {
  if (b.K > gemm_long_sum) return gemm(false, b.trans, M, b.N, b.K, a, lda, b.data, b.ld, beta, c, ldc);
  if (const GemmChoice& choice = gemm_choice(); lda >= b.K && choice.takes_blas(false, M, b.N, b.K)) {
    choice.multiply(false, b.trans, M, b.N, b.K, a, lda, b.data, b.ld, beta, c, ldc);
  } else {
    multiply_packed({0, M, 0, b.N}, a, lda, b, beta, c, ldc);
  }
}

void gemm(std::size_t M, const float* a, std::size_t lda, const PackedMatrix& b, float beta, float* c,
          std::size_t ldc) {
  if (M == 0) return;
  if (b.K > gemm_long_sum) return gemm(false, b.trans, M, b.N, b.K, a, lda, b.data, b.ld, beta, c, ldc);
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
