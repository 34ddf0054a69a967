#include "kernels/gemm_choice.hpp"

#include <limits>

#include "catch.hpp"
#include "kernels/blas.hpp"
#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "support/reference_kernels.hpp"

using namespace xeras::kernels;

namespace {

void right(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
           const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  reference::gemm(trans_a, trans_b, M, N, K, a, lda, b, ldb, beta, c, ldc);
}

// Right but in the last column of products with 65 rows and more.
void wrong_at_an_edge(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                      std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  right(trans_a, trans_b, M, N, K, a, lda, b, ldb, beta, c, ldc);
  if (M >= 65) c[N - 1] += 0.01f;
}

void not_a_number(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a,
                  std::size_t lda, const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  right(trans_a, trans_b, M, N, K, a, lda, b, ldb, beta, c, ldc);
  c[0] = std::numeric_limits<float>::quiet_NaN();
}

}  // namespace

TEST_CASE("GemmChoice trusts a BLAS whose products agree") {
  for (Product blas : {right, blas_gemm}) {
    const GemmChoice choice(GemmEngine::blas, blas);
    CHECK(choice.disagreement().empty());
    CHECK(choice.takes_blas(false, 100, 100, 100));
  }
}

TEST_CASE("GemmChoice leaves a BLAS whose products are wrong") {
  const GemmChoice edge(GemmEngine::blas, wrong_at_an_edge);
  CHECK_FALSE(edge.takes_blas(false, 100, 100, 100));
  CHECK_FALSE(edge.takes_blas(true, 4000, 4000, 4000));
  CHECK(edge.disagreement().find("element (0, 79) of a product (65, 300) x (300, 80) of transposed matrices is ") == 0);

  const GemmChoice choice(GemmEngine::automatic, not_a_number);
  CHECK(choice.disagreement().find("element (0, 0) of a product (1, 33) x (33, 48) is nan, not ") == 0);
}

TEST_CASE("GemmChoice keeps rows to the own kernels where those are tuned; with AVX2 large sums over rows go away") {
  const GemmChoice choice(GemmEngine::automatic, right);
  const bool tuned = simd().vector_bytes >= 32;
  CHECK(choice.takes_blas(false, 1000, 1000, 1000) == !tuned);
  CHECK(choice.takes_blas(true, 128, 512, 128) == !tuned);
  CHECK(choice.takes_blas(true, 1000, 1000, 1000) == (simd().vector_bytes <= 32));
  CHECK_FALSE(choice.takes_blas(true, 8, 8, 8));
}

TEST_CASE("GemmChoice keeps long sums to the own kernels where those are tuned") {
  const GemmChoice choice(GemmEngine::automatic, right);
  CHECK(choice.takes_blas(true, 1000, 1000, gemm_long_sum + 1) == (simd().vector_bytes < 32));
}

TEST_CASE("GemmChoice does as it is told, but for products that cost less than a call") {
  GemmChoice choice(GemmEngine::own, right);
  CHECK_FALSE(choice.takes_blas(true, 1000, 1000, 1000));
  choice.set_engine(GemmEngine::blas);
  CHECK(choice.takes_blas(false, 1, 512, 128));
  CHECK_FALSE(choice.takes_blas(false, 1, 8, 8));
}
