// Work whose instructions valgrind counts; `run` beside this file compares them with bounds. Counts, unlike times, are
// the same on a busy machine. The work is small because valgrind takes 0.1 us for each product of an FMA.
#include <valgrind/callgrind.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using kernels::simd;

namespace {

// Some numbers of either sign, between -1 and 1.
std::vector<float> floats(std::size_t n) {
  std::vector<float> x(n);
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(i * 37 % 101) / 50.5f - 1.0f;
  return x;
}

// Counts the instructions of work under this name; everything else runs uncounted and so faster.
template <class F>
void count(const char* name, const F& work) {
  CALLGRIND_START_INSTRUMENTATION;
  CALLGRIND_ZERO_STATS;
  work();
  CALLGRIND_DUMP_STATS_AT(name);
  CALLGRIND_STOP_INSTRUMENTATION;
}

// The step of a model that has already trained for as long as it takes to get its memory.
void count_step(const char* name, Sequential model, const std::string& optimizer, int vocabulary, std::size_t time) {
  model.compile(optimizer, losses::BinaryCrossentropy({.from_logits = true}));
  std::array<xt::xtensor<int, 2>, 4> batches;
  for (std::uint64_t i = 0; i < batches.size(); ++i) {
    const RandomStream random(i);
    batches[i] = xt::zeros<int>({std::size_t{8}, time});
    for (std::size_t k = 0; k < batches[i].size(); ++k) {
      batches[i].flat(k) = static_cast<int>(random.below(k, static_cast<std::uint64_t>(vocabulary)));
    }
  }
  const xt::xtensor<float, 1> y = xt::ones<float>({8});
  for (std::size_t i = 0; i < 3; ++i) model.train_on_batch(batches[i], y);
  count(name, [&] { model.train_on_batch(batches[3], y); });
}

void count_kernels() {
  std::vector<float> x = floats(1 << 15), y = floats(1 << 15), z = floats(1 << 15), v(1 << 15);
  std::vector<float> packed(kernels::packed_size(128, 256));
  // What grows with the first call of a thread does so here.
  kernels::gemm(false, false, 64, 256, 128, x.data(), 128, y.data(), 256, 0, z.data(), 256);

  count("elementwise", [&] {
    for (auto kernel : {&kernels::Simd::exp, &kernels::Simd::tanh, &kernels::Simd::sigmoid, &kernels::Simd::relu}) {
      (simd().*kernel)(x.data(), z.data(), x.size());
    }
    simd().softmax(x.data(), z.data(), 512, 64);
  });
  count("gemm", [&] {
    kernels::gemm(false, false, 64, 256, 128, x.data(), 128, y.data(), 256, 0, z.data(), 256);
    kernels::gemm(true, false, 64, 256, 128, x.data(), 64, y.data(), 256, 1, z.data(), 256);
  });
  count("gemm_packed", [&] {
    kernels::pack(false, 128, 256, y.data(), 256, packed.data());
    const kernels::PackedMatrix matrix{false, 128, 256, y.data(), 256, packed.data()};
    for (int i = 0; i < 2; ++i) kernels::gemm_packed(32, x.data(), 128, matrix, 0, z.data(), 256);
    kernels::gemm_packed(1, x.data(), 128, matrix, 0, z.data(), 256);
  });
  count("updates", [&] {
    simd().rmsprop(x.data(), v.data(), y.data(), x.size(), 1e-3f, 0.9f, 1e-7f);
    simd().adam(x.data(), z.data(), v.data(), y.data(), x.size(), 1e-3f, 0.1f, 0.001f, 1e-7f);
  });
}

}  // namespace

int main() {
  set_num_threads(1);
  set_random_seed(1);
  count_kernels();
  count_step("lstm", Sequential{Embedding(500, 32), LSTM(64), Dense(1)}, "rmsprop", 500, 8);
  count_step("gru", Sequential{Embedding(500, 32), GRU(64), Dense(1)}, "rmsprop", 500, 8);
  const Conv1D convolution(64, 3, {.activation = "relu"});
  count_step("convolution", Sequential{Embedding(500, 32), convolution, GlobalMaxPooling1D(), Dense(1)}, "adam", 500,
             20);
  // Large tables: what a step costs must not grow with them.
  count_step("mean_rmsprop", Sequential{Embedding(50'000, 16), GlobalAveragePooling1D(), Dense(1)}, "rmsprop", 50'000,
             40);
  count_step("mean_adam", Sequential{Embedding(50'000, 16), GlobalAveragePooling1D(), Dense(1)}, "adam", 50'000, 40);
}
