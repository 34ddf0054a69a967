#include "kernels/gemm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <vector>

#include "catch.hpp"
#include "kernels/simd.hpp"
#include "support/gemm_engine.hpp"
#include "support/random_floats.hpp"
#include "support/reference_kernels.hpp"
#include "support/threads.hpp"

namespace {

using namespace xeras::kernels;
using xeras::testing::GemmEngine;
using xeras::testing::random_floats;
using xeras::testing::Threads;
namespace reference = xeras::kernels::reference;

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr double tolerance_per_term = 2e-7;  // of terms in [-1, 1]

// Compares with the reference; each matrix's rows are `gap` elements further apart than they must be.
void check_product(std::size_t M, std::size_t N, std::size_t K, float beta, std::size_t gap) {
  for (bool trans_a : {false, true}) {
    for (bool trans_b : {false, true}) {
      INFO("M " << M << " N " << N << " K " << K << " trans " << trans_a << trans_b << " beta " << beta);
      const std::size_t lda = (trans_a ? M : K) + gap, ldb = (trans_b ? K : N) + gap, ldc = N + gap;
      const std::vector<float> a = random_floats((trans_a ? K : M) * lda, 1);
      const std::vector<float> b = random_floats((trans_b ? N : K) * ldb, 2);
      std::vector<float> c = random_floats(M * ldc, 3), expected = c;
      gemm(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, beta, c.data(), ldc);
      reference::gemm(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, beta, expected.data(), ldc);
      double largest = 0.0;
      for (std::size_t i = 0; i < c.size(); ++i) largest = std::max(largest, std::fabs(double{c[i]} - expected[i]));
      CHECK(largest <= tolerance_per_term * static_cast<double>(K + 1));
    }
  }
}

using Shape3 = std::array<std::size_t, 3>;  // M, N, K

}  // namespace

TEST_CASE("gemm agrees with the reference, transposed or not, by either engine") {
  for (const char* engine : {"own", "blas"}) {
    const GemmEngine scope(engine);
    INFO(engine);
    for (std::size_t M : {1, 2, 3, 5, 8, 13, 32}) {
      for (std::size_t N : {1, 2, 7, 8, 33, 65}) {
        for (std::size_t K : {1, 16, 50}) check_product(M, N, K, 0.0f, 0);
      }
    }
    check_product(130, 257, 129, 0.0f, 0);
    check_product(250, 70, 600, 0.0f, 0);  // more than one block of rows, and of terms
    check_product(3, 1100, 1100, 1.0f, 1);
    check_product(600, 1, 1100, 0.5f, 1);
    check_product(70, 9, 1100, 0.5f, 2);
  }
}

TEST_CASE("gemm agrees with the reference on every form of a tile") {
  const GemmEngine own("own");
  for (std::size_t M = 1; M <= 18; ++M) {
    for (std::size_t N : {3, 15, 16, 17, 47, 79, 95, 113, 128, 250, 257}) check_product(M, N, 33, 0.5f, 1);
  }
}

TEST_CASE("gemm gives the same bits in one thread and in many, by either engine") {
  for (const char* engine : {"own", "blas"}) {
    const GemmEngine scope(engine);
    for (const auto& [M, N, K] : std::vector<Shape3>{{300, 130, 300}, {70, 500, 300}, {600, 600, 64}, {4000, 2, 40}}) {
      for (bool trans_a : {false, true}) {
        for (bool trans_b : {false, true}) {
          INFO(engine << " M " << M << " N " << N << " trans " << trans_a << trans_b);
          const std::size_t lda = trans_a ? M : K, ldb = trans_b ? K : N;
          const std::vector<float> a = random_floats(M * K, 1), b = random_floats(K * N, 2);
          std::vector<float> expected(M * N);
          const auto multiply = [&, M = M, N = N, K = K](float* c) {
            gemm(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, 0.0f, c, N);
          };
          const Threads one(1);
          multiply(expected.data());
          for (int n : {2, 8}) {
            const Threads threads(n);
            std::vector<float> c(M * N);
            multiply(c.data());
            CHECK(c == expected);
          }
        }
      }
    }
  }
}

TEST_CASE("gemm of the own kernels gives a row the same bits alone and among any others") {
  const GemmEngine own("own");
  for (const auto& [M, N, K] : std::vector<Shape3>{{300, 130, 300}, {70, 500, 600}, {40, 2, 700}, {20, 7, 90}}) {
    for (bool trans_b : {false, true}) {
      const std::size_t ldb = trans_b ? K : N;
      const std::vector<float> a = random_floats(M * K, 1), b = random_floats(K * N, 2);
      std::vector<float> expected(M * N);
      gemm(false, trans_b, M, N, K, a.data(), K, b.data(), ldb, 0.0f, expected.data(), N);
      for (std::size_t rows : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17}) {
        INFO("M " << M << " N " << N << " K " << K << " trans_b " << trans_b << " rows " << rows);
        std::vector<float> some(M * N);
        for (std::size_t m = 0; m < M; m += rows) {
          gemm(false, trans_b, std::min(rows, M - m), N, K, a.data() + m * K, K, b.data(), ldb, 0.0f,
               some.data() + m * N, N);
        }
        CHECK(some == expected);
      }
    }
  }
}

TEST_CASE("gemm adds beta times what is there") {
  check_product(5, 7, 9, 1.0f, 0);
  check_product(5, 7, 9, 0.25f, 0);
  check_product(40, 70, 90, 1.0f, 0);
}

TEST_CASE("gemm leaves what lies between the rows of c") {
  check_product(5, 7, 9, 0.0f, 3);
  check_product(33, 65, 17, 1.0f, 3);
  check_product(4, 1, 9, 0.0f, 3);
}

TEST_CASE("gemm with beta 0 overwrites NaN") {
  for (std::size_t size : {1, 4, 32, 130}) {
    for (std::size_t K : {std::size_t{0}, size}) {
      const std::vector<float> ones(size * size, 1.0f);
      std::vector<float> c(size * size, not_a_number);
      gemm(false, false, size, size, K, ones.data(), size, ones.data(), size, 0.0f, c.data(), size);
      CHECK(c == std::vector<float>(size * size, static_cast<float>(K)));
    }
  }
}

TEST_CASE("gemm with K = 0 gives beta c") {
  std::vector<float> c = {1.0f, 2.0f, 99.0f, 3.0f, 4.0f, 99.0f};
  gemm(false, false, 2, 2, 0, nullptr, 0, nullptr, 2, 0.5f, c.data(), 3);
  CHECK(c == std::vector<float>{0.5f, 1.0f, 99.0f, 1.5f, 2.0f, 99.0f});
}

TEST_CASE("gemm with M or N = 0 does nothing") {
  const std::vector<float> ones(12, 1.0f);
  float c = 7.0f;
  gemm(false, false, 0, 3, 4, ones.data(), 4, ones.data(), 3, 0.0f, &c, 3);
  gemm(false, false, 3, 0, 4, ones.data(), 4, ones.data(), 0, 0.0f, &c, 0);
  CHECK(c == 7.0f);
}

TEST_CASE("gemm of a packed matrix agrees with the reference, by either engine") {
  for (const char* engine : {"own", "blas"}) {
    const GemmEngine scope(engine);
    for (const auto& [M, N, K] : std::vector<Shape3>{{7, 70, 300}, {100, 131, 5}, {29, 1, 520}, {3, 700, 600}}) {
      for (bool trans_b : {false, true}) {
        for (float beta : {0.0f, 1.0f, 0.5f}) {
          INFO(engine << " M " << M << " N " << N << " K " << K << " trans_b " << trans_b << " beta " << beta);
          const std::size_t lda = K + 3, ldb = (trans_b ? K : N) + 2, ldc = N + 1;
          const std::vector<float> a = random_floats(M * lda, 1), b = random_floats((trans_b ? N : K) * ldb, 2);
          std::vector<float> packed(packed_size(K, N)), c = random_floats(M * ldc, 3), expected = c, alone = c;
          pack(trans_b, K, N, b.data(), ldb, packed.data());
          const PackedMatrix matrix{trans_b, K, N, b.data(), ldb, packed.data()};
          gemm_packed(M, a.data(), lda, matrix, beta, alone.data(), ldc);
          gemm(M, a.data(), lda, matrix, beta, c.data(), ldc);
          reference::gemm(false, trans_b, M, N, K, a.data(), lda, b.data(), ldb, beta, expected.data(), ldc);
          double largest = 0.0;
          for (std::size_t i = 0; i < c.size(); ++i) {
            largest =
                std::max({largest, std::fabs(double{c[i]} - expected[i]), std::fabs(double{alone[i]} - expected[i])});
          }
          CHECK(largest <= tolerance_per_term * static_cast<double>(K + 1));
        }
      }
    }
  }
}

TEST_CASE("gemm of a packed matrix gives the bits of the matrix as it lies, for any rows and threads") {
  const GemmEngine own("own");
  for (const auto& [M, N, K] : std::vector<Shape3>{{20, 70, 1100}, {300, 250, 150}, {29, 2, 520}, {2, 1300, 60}}) {
    const std::vector<float> a = random_floats(M * K, 1), b = random_floats(K * N, 2);
    std::vector<float> packed(packed_size(K, N)), expected(M * N);
    pack(false, K, N, b.data(), N, packed.data());
    const PackedMatrix matrix{false, K, N, b.data(), N, packed.data()};
    gemm(false, false, M, N, K, a.data(), K, b.data(), N, 0.0f, expected.data(), N);
    for (int n : {1, 2, 8}) {
      const Threads threads(n);
      for (std::size_t rows : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{6}, std::size_t{9}, M}) {
        INFO("M " << M << " N " << N << " K " << K << " threads " << n << " rows " << rows);
        std::vector<float> c(M * N);
        for (std::size_t m = 0; m < M; m += rows) {
          gemm(std::min(rows, M - m), a.data() + m * K, K, matrix, 0.0f, c.data() + m * N, N);
        }
        CHECK(c == expected);
      }
    }
  }
}

TEST_CASE("Every instruction set packs and multiplies alike") {
  for (const xeras::kernels::Simd* simd : xeras::kernels::available_simd()) {
    for (const auto& [M, N, K] :
         std::vector<Shape3>{{1, 70, 300}, {2, 250, 40}, {3, 99, 7}, {100, 131, 5}, {29, 3, 520}}) {
      for (bool trans_b : {false, true}) {
        INFO(simd->name << " M " << M << " N " << N << " K " << K << " trans_b " << trans_b);
        const std::size_t ldb = trans_b ? K : N;
        const std::vector<float> a = random_floats(M * K, 1), b = random_floats(K * N, 2);
        std::vector<float> c(M * N), expected(M * N), packed(simd->packed_size(K, N)), room(xeras::kernels::gemm_room);
        simd->pack(trans_b, K, N, b.data(), ldb, packed.data());
        simd->gemm_packed(M, N, K, 0, N, a.data(), K, packed.data(), 0.0f, c.data(), N, false);
        std::vector<float> backwards(M * N);
        simd->gemm_packed(M, N, K, 0, N, a.data(), K, packed.data(), 0.0f, backwards.data(), N, true);
        CHECK(backwards == c);
        reference::gemm(false, trans_b, M, N, K, a.data(), K, b.data(), ldb, 0.0f, expected.data(), N);
        double largest = 0.0;
        for (std::size_t i = 0; i < c.size(); ++i) largest = std::max(largest, std::fabs(double{c[i]} - expected[i]));
        CHECK(largest <= tolerance_per_term * static_cast<double>(K + 1));
        std::vector<float> as_it_lies(M * N);
        simd->gemm(false, trans_b, M, N, K, a.data(), K, b.data(), ldb, 0.0f, as_it_lies.data(), N, room.data());
        CHECK(as_it_lies == c);
      }
    }
  }
}
