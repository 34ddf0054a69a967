#pragma once

#include <cstddef>
#include <string>

namespace xeras::kernels {

// gemm of gemm.hpp by OpenBLAS, in this thread alone. M, N and K are at least 1.
void blas_gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
               const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

// "OpenBLAS 0.3.21 (SkylakeX)"
std::string blas_name();

// While one lives, OpenBLAS works in the threads that call it alone. The number of its threads belongs to the program
// and comes back with the last one of those that overlap.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas();
  ~SingleThreadedBlas();
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;
};

}  // namespace xeras::kernels
