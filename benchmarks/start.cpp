// The shortest life of a model: W2's is built, predicts one text and ends. `footprint` measures how long that takes.
//
//   start                     the model built in code
//   start FILE                the model loaded from a file; prints the milliseconds of loading and the peak memory
//   start --save FILE WORDS   makes such a file
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

using namespace xeras;
using namespace xeras::layers;

namespace {

Sequential make_model(std::int64_t words) { return Sequential{Embedding(words, 128), LSTM(128), Dense(1)}; }

// Of this process, in MiB.
double peak_memory() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0.0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--save") == 0) {
    make_model(std::atoll(argv[3])).save(argv[2]);
    return 0;
  }
  const auto start = std::chrono::steady_clock::now();
  const Sequential model = argc == 2 ? load_model(argv[1]) : make_model(20'000);
  const std::chrono::duration<double, std::milli> made = std::chrono::steady_clock::now() - start;
  const xt::xtensor<int, 2> ids = xt::ones<int>({1, 80});
  std::printf("%g\n", static_cast<double>(model.predict(ids)(0, 0)));
  if (argc == 2) std::printf("loaded in %.1f ms, peak memory %.0f MiB\n", made.count(), peak_memory());
}
