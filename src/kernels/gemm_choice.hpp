#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>

namespace xeras::kernels {

// gemm of gemm.hpp in the calling thread.
using Product = void (*)(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                         std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

enum class GemmEngine { own, blas, automatic };

// Which products a BLAS computes, and whether it can be trusted.
class GemmChoice {
 public:
  GemmChoice(GemmEngine engine, Product blas) : blas_(blas), engine_(engine) {}

  GemmEngine engine() const { return engine_.load(std::memory_order_relaxed); }
  void set_engine(GemmEngine engine) { engine_ = engine; }

  // Whether the BLAS computes a product of this form and size. Then bits of a row depend on the other rows; where it
  // does not take the whole, it takes no part.
  bool takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K) const;
  void multiply(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) const {
    blas_(trans_a, trans_b, M, N, K, a, lda, b, ldb, beta, c, ldc);
  }

  // Whether some products of the BLAS agree with those of the own kernels; computed once, when first asked.
  bool blas_agrees() const;
  // The product that does not, or nothing.
  const std::string& disagreement() const;

 private:
  const Product blas_;
  std::atomic<GemmEngine> engine_;
  mutable std::once_flag checked_;
  mutable std::string disagreement_;
};

// The choice of this process, with OpenBLAS as the BLAS. It begins with what the environment variable XERAS_GEMM says;
// throws InvalidArgument where that is no engine.
GemmChoice& gemm_choice();

}  // namespace xeras::kernels
