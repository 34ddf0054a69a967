#pragma once

#include <cstddef>
#include <string>

namespace xeras::kernels {

// Computes gemm (see gemm.hpp) with OpenBLAS in the calling thread. M, N and K are at least 1.
void blas_gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
               const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

// Returns the name of the library and its kernels: "OpenBLAS 0.3.21 (SkylakeX)".
std::string blas_name();

// Restricts OpenBLAS to the calling threads for its lifetime. When the last of several overlapping objects is
// destroyed, OpenBLAS gets back the number of threads that the program chose.
class SingleThreadedBlas {
 public:
  SingleThreadedBlas();
  ~SingleThreadedBlas();
  SingleThreadedBlas(const SingleThreadedBlas&) = delete;
  SingleThreadedBlas& operator=(const SingleThreadedBlas&) = delete;
};

}  // namespace xeras::kernels
