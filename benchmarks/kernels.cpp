// Benchmarks the kernels, once per instruction set that this processor has. Needs google-benchmark
// (XERAS_BUILD_BENCHMARKS=ON).
//
//   kernels products        prints a table instead: matrix products by the library's kernels and by OpenBLAS

#include "kernels/simd.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/products.hpp"

namespace {

using xeras::kernels::available_simd;
using xeras::kernels::Simd;

std::vector<float> random_floats(std::size_t n, float low, float high) {
  std::mt19937 random(1);
  std::uniform_real_distribution<float> values(low, high);
  std::vector<float> x(n);
  for (float& v : x) v = values(random);
  return x;
}

std::vector<std::int32_t> random_ids(std::size_t n, std::int32_t count) {
  std::mt19937 random(2);
  std::uniform_int_distribution<std::int32_t> values(0, count - 1);
  std::vector<std::int32_t> ids(n);
  for (std::int32_t& id : ids) id = values(random);
  return ids;
}

// One row per instruction set; body(table) runs the kernel once.
template <class F>
void add(const std::string& name, F body) {
  for (const Simd* table : available_simd()) {
    const std::string full_name = name + "/" + table->name;
    benchmark::RegisterBenchmark(full_name.c_str(), [=](benchmark::State& state) mutable {
      for (auto _ : state) {
        body(*table);
        benchmark::ClobberMemory();
      }
    });
  }
}

void add_elementwise(const std::string& name, void (*Simd::*kernel)(const float*, float*, std::size_t), float low,
                     float high) {
  constexpr std::size_t n = 4096;
  add(name + "/4096", [kernel, x = random_floats(n, low, high), y = std::vector<float>(n)](const Simd& table) mutable {
    (table.*kernel)(x.data(), y.data(), n);
  });
}

void add_softmax(std::size_t rows, std::size_t cols) {
  add("softmax/" + std::to_string(rows) + "x" + std::to_string(cols),
      [rows, cols, x = random_floats(rows * cols, -4, 4), y = std::vector<float>(rows * cols)](
          const Simd& table) mutable { table.softmax(x.data(), y.data(), rows, cols); });
}

void add_gather(std::size_t n, std::int32_t V, std::size_t D) {
  add("gather/" + std::to_string(n) + "_of_" + std::to_string(V) + "x" + std::to_string(D),
      [n, D, rows = random_floats(static_cast<std::size_t>(V) * D, -1, 1), ids = random_ids(n, V),
       y = std::vector<float>(n * D)](const Simd& table) mutable {
        table.gather(rows.data(), ids.data(), y.data(), n, D);
      });
}

void add_recurrent(std::size_t U) {
  const std::string units = "/" + std::to_string(U);
  const std::vector<float> gates = random_floats(4 * U, 0.1f, 0.9f), before = random_floats(U, -1, 1);
  add("lstm_forward" + units, [=, z = gates, c = before, a = before, h = before](const Simd& table) mutable {
    table.lstm_forward(z.data(), before.data(), c.data(), a.data(), h.data(), U);
  });
  add("lstm_backward" + units, [=, z = gates, dh = before, dc = before](const Simd& table) mutable {
    table.lstm_backward(z.data(), before.data(), before.data(), dh.data(), dc.data(), U);
  });
  add("gru_forward" + units, [=, z = gates, h = before](const Simd& table) mutable {
    table.gru_forward(z.data(), gates.data(), before.data(), h.data(), U);
  });
  add("gru_backward" + units,
      [=, z = gates, inner = before, dh = before, recurrent = gates](const Simd& table) mutable {
        table.gru_backward(z.data(), inner.data(), before.data(), dh.data(), recurrent.data(), U);
      });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "products") {
    benchmarks::print_products();
    return 0;
  }
  add_elementwise("exp", &Simd::exp, -8, 8);
  add_elementwise("log", &Simd::log, 0.01f, 8);
  add_elementwise("tanh", &Simd::tanh, -4, 4);
  add_elementwise("sigmoid", &Simd::sigmoid, -8, 8);
  add_elementwise("relu", &Simd::relu, -4, 4);
  add_softmax(32, 8);
  add_softmax(32, 10);
  add_softmax(32, 1000);
  add("axpy/4096", [x = random_floats(4096, -1, 1), y = std::vector<float>(4096)](const Simd& table) mutable {
    table.axpy(1e-6f, x.data(), y.data(), x.size());
  });
  add("dot/4096", [x = random_floats(4096, -1, 1), y = random_floats(4096, -1, 1)](const Simd& table) {
    benchmark::DoNotOptimize(table.dot(x.data(), y.data(), x.size()));
  });
  add("add_bias/32x128", [y = random_floats(4096, -1, 1), bias = std::vector<float>(128)](const Simd& table) mutable {
    table.add_bias(y.data(), bias.data(), 32, 128);
  });
  add("add_rows/32x128", [x = random_floats(4096, -1e-6f, 1e-6f), sum = std::vector<float>(128)](
                             const Simd& table) mutable { table.add_rows(x.data(), 128, sum.data(), 32, 128); });
  add("add_masked_rows/64x50", [x = random_floats(64 * 50, -1e-6f, 1e-6f), sum = std::vector<float>(50),
                                mask = std::vector<std::uint8_t>(64, 1)](const Simd& table) mutable {
    table.add_masked_rows(x.data(), 50, mask.data(), sum.data(), 64, 50);
  });
  add_gather(320, 1000, 64);
  add_gather(320, 1000, 50);
  add_gather(320, 1000, 128);
  add_gather(12800, 1000000, 50);
  add("rmsprop/4096",
      [w = random_floats(4096, -1, 1), v = std::vector<float>(4096), g = random_floats(4096, -1, 1)](
          const Simd& table) mutable { table.rmsprop(w.data(), v.data(), g.data(), w.size(), 1e-6f, 0.9f, 1e-7f); });
  add("adam/4096", [w = random_floats(4096, -1, 1), m = std::vector<float>(4096), v = std::vector<float>(4096),
                    g = random_floats(4096, -1, 1)](const Simd& table) mutable {
    table.adam(w.data(), m.data(), v.data(), g.data(), w.size(), 1e-6f, 0.1f, 0.001f, 1e-7f);
  });

  add_recurrent(128);

  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::RunSpecifiedBenchmarks();
}
