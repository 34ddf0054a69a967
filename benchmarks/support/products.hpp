#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "kernels/gemm.hpp"
#include "xeras/core/random.hpp"
#include "xeras/core/tensor.hpp"
#include "xeras/core/threads.hpp"
#include "xeras/kernels/gemm_engine.hpp"

namespace benchmarks {

struct ProductShape {
  const char* of;
  bool trans_a, trans_b;
  std::size_t M, N, K;
};

inline std::vector<ProductShape> product_shapes() {
  std::vector<ProductShape> shapes = {
      {"step of W2's LSTM", false, false, 32, 512, 128},
      {"projection of W2", false, false, 2560, 512, 128},
      {"its kernel's gradient", true, false, 128, 512, 2560},
      {"its input's gradient", false, true, 2560, 128, 512},
      {"W5's projection", false, false, 80, 512, 128},
      {"W4's convolution", false, false, 96, 250, 150},
      {"W4's Dense", false, false, 32, 250, 250},
      {"its kernel's gradient", true, false, 250, 250, 32},
      {"its input's gradient", false, true, 32, 250, 250},
      {"last Dense of W2, W4", false, false, 32, 1, 128},
      {"its kernel's gradient", true, false, 128, 1, 32},
      {"", false, false, 512, 512, 512},
      {"", false, false, 2048, 2048, 2048},
      {"", true, false, 2048, 2048, 2048},
      {"", false, true, 2048, 2048, 2048},
      {"", false, false, 32, 20000, 128},
      {"", false, false, 256, 20000, 256},
      {"", true, false, 256, 20000, 256},
  };
  for (const auto& [N, K] : {std::pair<std::size_t, std::size_t>{512, 128}, {250, 250}, {1000, 1000}, {20000, 128}}) {
    for (const std::size_t M : {1, 2, 4, 8, 16}) shapes.push_back({"few rows", false, false, M, N, K});
  }
  return shapes;
}

// Returns the median number of seconds per call.
template <class F>
double seconds_of(const F& call, double operations) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
  };
  const int calls = std::max(1, static_cast<int>(2e7 / operations));
  std::vector<double> times;
  for (const auto start = Clock::now(); times.size() < 5 || seconds(start) < 0.06;) {
    const auto one = Clock::now();
    for (int i = 0; i < calls; ++i) call();
    times.push_back(seconds(one) / calls);
  }
  std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2), times.end());
  return times[times.size() / 2];
}

// Prints a Markdown table with the GFLOP/s of each engine, of "auto" and of a packed matrix, measured in turns: the
// best of three.
inline void print_products() {
  std::printf("%s\n\n| | form | M, N, K | threads | own | blas | auto | packed | best / blas |\n",
              xeras::gemm_report().c_str());
  std::printf("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
  const int threads = xeras::num_threads();
  for (const ProductShape& shape : product_shapes()) {
    const std::size_t M = shape.M, N = shape.N, K = shape.K;
    const bool trans_a = shape.trans_a, trans_b = shape.trans_b;
    const xeras::RandomStream random(1);
    std::vector<float, xeras::AlignedAllocator<float>> a(M * K), b(K * N), c(M * N), packed;
    for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<float>(random.uniform(i)) - 0.5f;
    for (std::size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(random.uniform(i)) - 0.5f;
    const std::size_t lda = trans_a ? M : K, ldb = trans_b ? K : N;
    packed.resize(xeras::kernels::packed_size(K, N));
    xeras::kernels::pack(trans_b, K, N, b.data(), ldb, packed.data());
    const double operations = 2.0 * static_cast<double>(M) * static_cast<double>(N) * static_cast<double>(K);
    for (const int n : {1, threads}) {
      xeras::set_num_threads(n);
      double best[4] = {};
      for (int round = 0; round < 3; ++round) {
        const char* engines[] = {"own", "blas", "auto", "auto"};
        for (int i = 0; i < (trans_a ? 3 : 4); ++i) {
          xeras::set_gemm_engine(engines[i]);
          const double seconds = seconds_of(
              [&] {
                if (i < 3) {
                  xeras::kernels::gemm(trans_a, trans_b, M, N, K, a.data(), lda, b.data(), ldb, 0.0f, c.data(), N);
                } else {
                  xeras::kernels::gemm(M, a.data(), K, {trans_b, K, N, b.data(), ldb, packed.data()}, 0.0f, c.data(),
                                       N);
                }
              },
              operations);
          best[i] = std::max(best[i], operations / seconds / 1e9);
        }
      }
      const double ours = std::max(best[2], best[3]);
      std::printf("| %s | %c%c | %zu, %zu, %zu | %d | %.1f | %.1f | %.1f | %s | %.2f |\n", shape.of,
                  trans_a ? 'T' : 'N', trans_b ? 'T' : 'N', M, N, K, n, best[0], best[1], best[2],
                  trans_a ? "" : std::to_string(static_cast<int>(best[3] + 0.5)).c_str(), ours / best[1]);
      std::fflush(stdout);
      if (threads == 1) break;
    }
  }
  xeras::set_gemm_engine("auto");
}

}  // namespace benchmarks
