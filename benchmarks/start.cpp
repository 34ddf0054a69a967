// The shortest life of a model: the program builds W2's model in code, predicts one text and ends. `footprint` measures
// how long that takes.
#include <xeras/xeras.hpp>

#include <array>
#include <cstdio>

using namespace xeras;
using namespace xeras::layers;

int main() {
  const Sequential model{Embedding(20'000, 128), LSTM(128), Dense(1)};
  const xt::xtensor<int, 2> ids(std::array<std::size_t, 2>{1, 80}, 1);
  std::printf("%g\n", static_cast<double>(model.predict(ids)(0, 0)));
}
