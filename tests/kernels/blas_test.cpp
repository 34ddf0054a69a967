#include "kernels/blas.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "support/gemm_engine.hpp"
#include "xeras/xeras.hpp"

extern "C" {
int openblas_get_num_threads();
void openblas_set_num_threads(int n);
void cblas_sgemm(int order, int trans_a, int trans_b, int M, int N, int K, float alpha, const float* a, int lda,
                 const float* b, int ldb, float beta, float* c, int ldc);
}

using namespace xeras;
using namespace xeras::layers;
using kernels::SingleThreadedBlas;

namespace {

// So many threads of OpenBLAS, as the program around the library has chosen them.
class BlasThreads {
 public:
  explicit BlasThreads(int n) : before_(openblas_get_num_threads()) { openblas_set_num_threads(n); }
  ~BlasThreads() { openblas_set_num_threads(before_); }
  BlasThreads(const BlasThreads&) = delete;
  BlasThreads& operator=(const BlasThreads&) = delete;

 private:
  int before_;
};

}  // namespace

TEST_CASE("SingleThreadedBlas gives the program's number of threads back when the last one ends") {
  const BlasThreads program(2);
  {
    const SingleThreadedBlas first;
    CHECK(openblas_get_num_threads() == 1);
    {
      const SingleThreadedBlas second;
      CHECK(openblas_get_num_threads() == 1);
    }
    CHECK(openblas_get_num_threads() == 1);
  }
  CHECK(openblas_get_num_threads() == 2);
}

TEST_CASE("SingleThreadedBlas leaves a number that the program chooses in the meantime") {
  const BlasThreads program(2);
  {
    const SingleThreadedBlas alone;
    openblas_set_num_threads(3);
  }
  CHECK(openblas_get_num_threads() == 3);
}

TEST_CASE("Two threads predict by OpenBLAS while the program multiplies in a third, and its threads stay") {
  const BlasThreads program(2);
  const xeras::testing::GemmEngine engine("blas");
  const Sequential model{Dense(64, {.activation = "relu", .input_shape = Shape{100}}), Dense(3)};
  const xt::xarray<float> x = xt::ones<float>({300, 100});
  const Tensor expected = model.predict(x);
  std::atomic<int> wrong{0};
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < 2; ++i) {
      threads.emplace_back([&] {
        for (int k = 0; k < 30; ++k) wrong += model.predict(x) != expected;
      });
    }
    threads.emplace_back([&] {
      constexpr int n = 150, row_major = 101, no_trans = 111;
      const std::vector<float> ones(n * n, 1.0f);
      for (int k = 0; k < 100; ++k) {
        std::vector<float> c(n * n);
        cblas_sgemm(row_major, no_trans, no_trans, n, n, n, 1.0f, ones.data(), n, ones.data(), n, 0.0f, c.data(), n);
        wrong += c != std::vector<float>(n * n, static_cast<float>(n));
      }
    });
    for (std::thread& thread : threads) thread.join();
  }
  CHECK(wrong == 0);
  CHECK(openblas_get_num_threads() == 2);
}
