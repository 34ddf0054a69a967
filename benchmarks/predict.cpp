// Inference with small models, compared with the cost of the memory traffic alone.
#include <benchmark/benchmark.h>
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstring>

using namespace xeras;
using namespace xeras::layers;

namespace {

// Embedding(1000, 64) on (32, 10) ids, into an existing result.
void embedding_predict(benchmark::State& state) {
  const Sequential model{Embedding(1000, 64, {.input_length = 10})};
  const xt::xarray<int> ids = xt::random::randint<int>({32, 10}, 0, 1000);
  Tensor result;
  for (auto _ : state) {
    model.predict(ids, result);
    benchmark::DoNotOptimize(result.data());
  }
}
BENCHMARK(embedding_predict);

// The same with a new result for each call.
void embedding_predict_new_result(benchmark::State& state) {
  const Sequential model{Embedding(1000, 64, {.input_length = 10})};
  const xt::xarray<int> ids = xt::random::randint<int>({32, 10}, 0, 1000);
  for (auto _ : state) benchmark::DoNotOptimize(model.predict(ids).data());
}
BENCHMARK(embedding_predict_new_result);

void memcpy_of_the_output(benchmark::State& state) {
  const Tensor from = xt::ones<float>({32, 10, 64});
  Tensor to = from;
  for (auto _ : state) {
    std::memcpy(to.data(), from.data(), from.size() * sizeof(float));
    benchmark::ClobberMemory();
  }
}
BENCHMARK(memcpy_of_the_output);

// One word through the model of examples/02_language_id.
void language_id_one_word(benchmark::State& state) {
  const Sequential model{Embedding(65536, 16, {.mask_zero = true}), GlobalAveragePooling1D(),
                         Dense(8, {.activation = "softmax"})};
  const xt::xarray<int> ids = xt::random::randint<int>({1, 40}, 1, 65536);
  Tensor result;
  for (auto _ : state) {
    model.predict(ids, result);
    benchmark::DoNotOptimize(result.data());
  }
}
BENCHMARK(language_id_one_word);

}  // namespace
