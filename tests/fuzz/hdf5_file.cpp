// Fuzzes .h5 files: whole models, and weights alone.
#include <unistd.h>

#include "fuzz/fuzz.hpp"
#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::string path = fuzz::scratch_file(".h5");
  static Sequential model = [] {
    Sequential made{Embedding(12, 4, {.mask_zero = true}), LSTM(3), Dense(1)};
    made.compile("adam", "mse");
    return made;
  }();
  fuzz::write_file(path, {reinterpret_cast<const char*>(data), size});
  fuzz::expect_error_or_nothing([] { load_model(path); });
  fuzz::expect_error_or_nothing([] { model.load_weights(path); });
  return 0;
}
