#pragma once

#include <cstddef>
#include <cstdint>

#include "kernels/conv1d.hpp"
#include "kernels/pool1d.hpp"

// Slow, simple versions of the kernels with sums in double, with which the tests compare the fast ones. The signatures
// are those of Simd's members and of the other kernels, whose headers describe each of them.
namespace xeras::kernels::reference {

void exp(const float* x, float* y, std::size_t n);
void log(const float* x, float* y, std::size_t n);
void tanh(const float* x, float* y, std::size_t n);
void sigmoid(const float* x, float* y, std::size_t n);
void relu(const float* x, float* y, std::size_t n);
void softmax(const float* x, float* y, std::size_t rows, std::size_t cols);
void log_softmax(const float* x, float* y, std::size_t rows, std::size_t cols);
void add_bias(float* y, const float* bias, std::size_t rows, std::size_t cols);
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols);
void max_rows(const float* x, std::size_t rows, std::size_t cols, std::int32_t step, float* y, std::int32_t* winner);
void max_rows_grad(const float* x, std::size_t rows, std::size_t cols, const float* y, const float* dy, float* dx);
void axpy(float a, const float* x, float* y, std::size_t n);
void scale(float a, float* y, std::size_t n);
void affine(float a, const float* x, float b, float* y, std::size_t n);
void multiply(const float* a, const float* b, float* y, std::size_t n);
float dot(const float* x, const float* y, std::size_t n);
float sum(const float* x, std::size_t n);
float sum_of_squares(const float* x, std::size_t n);
bool all_finite(const float* x, std::size_t n);
void add_masked_rows(const float* x, std::size_t ldx, const std::uint8_t* mask, float* sum, std::size_t rows,
                     std::size_t cols);
void gather(const float* table, const std::int32_t* ids, float* y, std::size_t n, std::size_t D);
void gather_add(const float* table, std::size_t ldt, const std::int32_t* ids, float* y, std::size_t n, std::size_t D);
void sgd(float* w, const float* g, std::size_t n, float lr);
void sgd_momentum(float* w, float* v, const float* g, std::size_t n, float lr, float momentum, bool nesterov);
void rmsprop(float* w, float* v, const float* g, std::size_t n, float lr, float rho, float epsilon);
void adam(float* w, float* m, float* v, const float* g, std::size_t n, float alpha, float one_minus_beta_1,
          float one_minus_beta_2, float epsilon);
void adam_catch_up(float* w, float* m, float* v, std::size_t n, const float* c, std::size_t terms, float m_decay,
                   float v_decay, float epsilon);

void gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
          const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

void conv1d(const Conv1DSizes& sizes, const float* x, const float* w, const float* bias, float* y);
void conv1d_input_grad(const Conv1DSizes& sizes, const float* dy, const float* w, float* dx);
void conv1d_kernel_grad(const Conv1DSizes& sizes, const float* x, const float* dy, float* dw);

void max_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
void max_pool1d_grad(const Pool1DSizes& sizes, const float* x, const float* y, const float* dy, float* dx);
void average_pool1d(const Pool1DSizes& sizes, const float* x, float* y);
void average_pool1d_grad(const Pool1DSizes& sizes, const float* dy, float* dx);

}  // namespace xeras::kernels::reference
