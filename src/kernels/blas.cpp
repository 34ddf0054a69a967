#include "kernels/blas.hpp"

#include <complex>
#include <mutex>

// The BLAS interface of xtensor-blas, which calls a BLAS only if its configuration is included first. It clashes with
// <cblas.h>, so no source includes that.
#include <xtensor-blas/xblas_config.hpp>

#ifndef HAVE_CBLAS
#error "xtensor-blas is configured to multiply without a BLAS: XTENSOR_USE_FLENS_BLAS must not be defined"
#endif
#include <xflens/cxxblas/cxxblas.cxx>

extern "C" {
int openblas_get_num_threads();
void openblas_set_num_threads(int n);
char* openblas_get_config();
char* openblas_get_corename();
}

namespace xeras::kernels {
namespace {

// The calls in this process that currently use OpenBLAS.
struct Users {
  std::mutex mutex;
  int count = 0;
  int threads_before = 0;
};

Users& users() {
  static Users users;
  return users;
}

}  // namespace

SingleThreadedBlas::SingleThreadedBlas() {
  const std::lock_guard lock(users().mutex);
  if (users().count++ > 0) return;
  users().threads_before = openblas_get_num_threads();
  if (users().threads_before != 1) openblas_set_num_threads(1);
}

SingleThreadedBlas::~SingleThreadedBlas() {
  const std::lock_guard lock(users().mutex);
  if (--users().count > 0) return;
  // A number other than 1 means that the program has set it in the meantime.
  if (users().threads_before != 1 && openblas_get_num_threads() == 1) {
    openblas_set_num_threads(users().threads_before);
  }
}

void blas_gemm(bool trans_a, bool trans_b, std::size_t M, std::size_t N, std::size_t K, const float* a, std::size_t lda,
               const float* b, std::size_t ldb, float beta, float* c, std::size_t ldc) {
  const SingleThreadedBlas alone;
  const auto op = [](bool trans) { return trans ? cxxblas::Trans : cxxblas::NoTrans; };
  const auto size = [](std::size_t n) { return static_cast<xt::blas_index_t>(n); };
  cxxblas::gemm(cxxblas::RowMajor, op(trans_a), op(trans_b), size(M), size(N), size(K), 1.0f, a, size(lda), b,
                size(ldb), beta, c, size(ldc));
}

std::string blas_name() {
  const std::string config = openblas_get_config();  // "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ..."
  const std::size_t release = config.find(' ');
  return config.substr(0, config.find(' ', release + 1)) + " (" + openblas_get_corename() + ")";
}

}  // namespace xeras::kernels
