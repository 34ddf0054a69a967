// The shortest life of a model from a file: the program loads it, predicts one text and ends. `footprint` measures how
// long that takes, next to `start`.
//
//   load FILE                prints the milliseconds of loading and the peak memory
//   load --save FILE WORDS   writes such a file, with W2's model for WORDS words
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "support/peak_memory.hpp"

using namespace xeras;
using namespace xeras::layers;

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--save") == 0) {
    Sequential{Embedding(std::atoll(argv[3]), 128), LSTM(128), Dense(1)}.save(argv[2]);
    return 0;
  }
  if (argc != 2) {
    std::fputs("load: expected FILE, or --save FILE WORDS\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const Sequential model = load_model(argv[1]);
  const std::chrono::duration<double, std::milli> made = std::chrono::steady_clock::now() - start;
  const xt::xtensor<int, 2> ids = xt::ones<int>({1, 80});
  std::printf("%g\n", static_cast<double>(model.predict(ids)(0, 0)));
  std::printf("loaded in %.1f ms, peak memory %.0f MiB\n", made.count(), benchmarks::peak_mib());
}
