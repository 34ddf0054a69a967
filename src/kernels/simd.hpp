#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace xeras::kernels {

// The elementwise, row and update kernels, one table per instruction set. In every elementwise kernel y may be x. No
// call allocates or throws; pointers need no alignment; a count of 0 is valid everywhere, with any pointer. The result
// for an element (a row) depends on that element (row) alone, not on its place, its neighbours or the count. Results of
// different instruction sets differ by a few ulp.
constexpr std::size_t gemm_room = 448 * 256;

struct Simd {
  const char* name;  // "sse2", "avx2", "avx512"; "baseline" on processors other than x86-64
  std::size_t vector_bytes;

  // y(i) = exp(x(i)), at most 2 ulp off; a result below FLT_MIN is 0.
  void (*exp)(const float* x, float* y, std::size_t n);
  // y(i) = log(x(i)), at most 2 ulp off; log(0) = -inf, log(x < 0) = NaN.
  void (*log)(const float* x, float* y, std::size_t n);
  // y(i) = tanh(x(i)), at most 2 ulp off.
  void (*tanh)(const float* x, float* y, std::size_t n);
  // y(i) = 1 / (1 + exp(-x(i))), at most 3 ulp off.
  void (*sigmoid)(const float* x, float* y, std::size_t n);
  // y(i) = max(x(i), 0); NaN passes through.
  void (*relu)(const float* x, float* y, std::size_t n);

  // y(r, :) = softmax of x(r, :), computed after subtracting the row's maximum; y may be x.
  void (*softmax)(const float* x, float* y, std::size_t rows, std::size_t cols);
  // y(r, :) = log(softmax of x(r, :)), computed without the softmax itself; y may be x.
  void (*log_softmax)(const float* x, float* y, std::size_t rows, std::size_t cols);

  // y(r, c) += bias(c).
  void (*add_bias)(float* y, const float* bias, std::size_t rows, std::size_t cols);
  // sum(c) += x(0, c) + ... + x(rows - 1, c), in that order; the rows of x are ldx floats apart. This and the other
  // sums over rows are for few rows; long_sums.hpp is for many.
  void (*add_rows)(const float* x, std::size_t ldx, float* sum, std::size_t rows, std::size_t cols);
  // sum(c) += x(0, c) y(0, c) + ... + x(rows - 1, c) y(rows - 1, c), in that order.
  void (*add_products)(const float* x, std::size_t ldx, const float* y, std::size_t ldy, float* sum, std::size_t rows,
                       std::size_t cols);
  // y(r, c) += x(r, c) w(c).
  void (*multiply_rows)(const float* x, std::size_t ldx, const float* w, float* y, std::size_t ldy, std::size_t rows,
                        std::size_t cols);
  // For r = 0, 1, ...: if x(r, c) is larger than y(c), y(c) becomes x(r, c), and winner(c) becomes step + r. NaN counts
  // as larger than every number. A negative winner means that y(c) has no value yet.
  void (*max_rows)(const float* x, std::size_t rows, std::size_t cols, std::int32_t step, float* y,
                   std::int32_t* winner);
  // dx(r, c) += dy(c) for the first r whose x(r, c) equals y(c), the maximum of the column, or is NaN.
  void (*max_rows_grad)(const float* x, std::size_t rows, std::size_t cols, const float* y, const float* dy, float* dx);

  // y(i) += a * x(i).
  void (*axpy)(float a, const float* x, float* y, std::size_t n);
  // y(i) *= a.
  void (*scale)(float a, float* y, std::size_t n);
  // y(i) = a * x(i) + b.
  void (*affine)(float a, const float* x, float b, float* y, std::size_t n);
  // y(i) = a(i) * b(i); y may be a or b.
  void (*multiply)(const float* a, const float* b, float* y, std::size_t n);

  // y(i) = the larger of a(i) and b(i), NaN if one of them is; y may be a or b.
  void (*larger)(const float* a, const float* b, float* y, std::size_t n);
  // y(i) = 0 if the top 53 bits of number position + i of this key's stream are below limit (at most 2^53); else scale
  // * x(i). The stream is RandomStream's (core/random.hpp).
  void (*drop)(std::uint64_t key, std::uint64_t position, std::uint64_t limit, float scale, const float* x, float* y,
               std::size_t n);

  // y(i) = least + range u, at most largest; u is the uniform number position + i of this key's stream.
  void (*uniform)(std::uint64_t key, std::uint64_t position, double least, double range, float largest, float* y,
                  std::size_t n);

  // These three sums keep their accuracy for any n. x(0) y(0) + ... + x(n - 1) y(n - 1).
  float (*dot)(const float* x, const float* y, std::size_t n);
  // x(0) + ... + x(n - 1).
  float (*sum)(const float* x, std::size_t n);
  // x(0)^2 + ... + x(n - 1)^2.
  float (*sum_of_squares)(const float* x, std::size_t n);
  // True when no x(i) is NaN or infinite.
  bool (*all_finite)(const float* x, std::size_t n);

  // sum(c) += the x(r, c) with mask(r) != 0, in row order; the rows of x are ldx floats apart.
  void (*add_masked_rows)(const float* x, std::size_t ldx, const std::uint8_t* mask, float* sum, std::size_t rows,
                          std::size_t cols);
  // sum(i) += x(i).
  void (*add_to_doubles)(const float* x, double* sum, std::size_t n);

  // table (V, D), ids (n) with 0 <= ids(i) < V, y (n, D): y(i, :) = table(ids(i), :).
  void (*gather)(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D);

  // As gather, with rows of the table ldt floats apart and y (D): y(:) += table(ids(0), :) + ... + table(ids(n - 1),
  // :), in that order.
  void (*gather_add)(const float* table, std::size_t ldt, const std::int32_t* ids, float* y, std::size_t n,
                     std::size_t D);

  // w -= lr g.
  void (*sgd)(float* w, const float* g, std::size_t n, float lr);
  // v = momentum v - lr g;  w += v, or with nesterov w += momentum v - lr g.
  void (*sgd_momentum)(float* w, float* v, const float* g, std::size_t n, float lr, float momentum, bool nesterov);
  // v = rho v + (1 - rho) g^2;  w -= lr g / sqrt(v + epsilon), as in Keras 3.
  void (*rmsprop)(float* w, float* v, const float* g, std::size_t n, float lr, float rho, float epsilon);
  // rmsprop after postponed updates with g = 0: decay, a power of rho, replaces rho, and share replaces 1 - rho.
  void (*rmsprop_catch_up)(float* w, float* v, const float* g, std::size_t n, float lr, float decay, float share,
                           float epsilon);
  // m += (g - m) (1 - beta_1);  v += (g^2 - v) (1 - beta_2);  w -= alpha m / (sqrt(v) + epsilon).
  // The caller folds the bias corrections into alpha.
  void (*adam)(float* w, float* m, float* v, const float* g, std::size_t n, float alpha, float one_minus_beta_1,
               float one_minus_beta_2, float epsilon);
  // Applies several updates of adam with g = 0 at once: w -= m / d (c(0) + c(1) p + ... + c(terms - 1) p^(terms - 1)),
  // where d = sqrt(v) + epsilon and p = epsilon / d;  m *= m_decay;  v *= v_decay. terms > 0.
  void (*adam_catch_up)(float* w, float* m, float* v, std::size_t n, const float* c, std::size_t terms, float m_decay,
                        float v_decay, float epsilon);

  // One step of one sequence of LSTM and GRU, with tanh and sigmoid. All arrays are (U) except z, (4, U) or (3, U), and
  // recurrent, (3, U). z holds the inputs of the gates i, f, g, o and becomes the gates; c = f c_before + i g;  a =
  // tanh(c); h = o a.
  void (*lstm_forward)(float* z, const float* c_before, float* c, float* a, float* h, std::size_t U);
  // z holds the gates and becomes their gradient; dc becomes the gradient of c_before; dh becomes 0.
  void (*lstm_backward)(float* z, const float* c_before, const float* a, float* dh, float* dc, std::size_t U);
  // z holds the input's part of the gates z, r, g and becomes the gates; `recurrent` is the part of h_before, with g's
  // part not yet multiplied by r; h = z h_before + (1 - z) g.
  void (*gru_forward)(float* z, const float* recurrent, const float* h_before, float* h, std::size_t U);
  // z holds the gates and becomes their gradient; recurrent becomes the gradient of h_before's part; inner holds g's
  // part of it and becomes its gradient; dh becomes the gradient that reaches h_before through z.
  void (*gru_backward)(float* z, float* inner, const float* h_before, float* dh, float* recurrent, std::size_t U);

  // The products of gemm.hpp (see there), in the calling thread; room is gemm_room floats of scratch memory.
  void (*gemm)(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
               const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc, float* room);
  std::size_t (*packed_size)(std::size_t K, std::size_t N);
  void (*pack)(bool trans_b, std::size_t K, std::size_t N, const float* b, std::size_t ldb, float* packed);
  // Computes `columns` of the N columns of b, from `first` (a multiple of 64) on; c holds these columns. With few rows,
  // `backwards` reverses the order of the columns.
  void (*gemm_packed)(std::size_t M, std::size_t N, std::size_t K, std::size_t first, std::size_t columns,
                      const float* a, std::size_t lda, const float* packed, float beta, float* c, std::size_t ldc,
                      bool backwards);
};

// Returns the table with the widest vectors that this processor supports, chosen at the first call. The environment
// variable XERAS_FORCE_ISA = sse2 | avx2 | avx512 selects another; throws std::runtime_error if that is not available.
const Simd& simd();

// Returns every table that this processor supports, narrowest first.
std::vector<const Simd*> available_simd();

}  // namespace xeras::kernels
