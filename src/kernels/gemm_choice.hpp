#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>

namespace xeras::kernels {

// Computes gemm (see gemm.hpp) in the calling thread.
using Product = void (*)(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                         std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc);

enum class GemmEngine { own, blas, automatic };

// Decides which products a BLAS computes, and checks that its results are right.
class GemmChoice {
 public:
  GemmChoice(GemmEngine engine, Product blas) : blas_(blas), engine_(engine) {}

  GemmEngine engine() const { return engine_.load(std::memory_order_relaxed); }
  void set_engine(GemmEngine engine) { engine_ = engine; }

  // True when the BLAS computes a product of this form and size. The bits of a row then depend on the other rows. If it
  // does not take the whole product, it takes no part of it.
  bool takes_blas(bool trans_a, std::size_t M, std::size_t N, std::size_t K) const;
  void multiply(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) const {
    blas_(trans_a, trans_b, M, N, K, a, lda, b, ldb, beta, c, ldc);
  }

  // True when some products of the BLAS agree with those of the library's kernels; computed once, on first use.
  bool blas_agrees() const;
  // Describes the product that disagrees; empty if none does.
  const std::string& disagreement() const;

 private:
  const Product blas_;
  std::atomic<GemmEngine> engine_;
  mutable std::once_flag checked_;
  mutable std::string disagreement_;
};

// Returns the choice of this process, with OpenBLAS as the BLAS. The environment variable XERAS_GEMM sets its initial
// engine; throws InvalidArgument if that names no engine.
GemmChoice& gemm_choice();

}  // namespace xeras::kernels
