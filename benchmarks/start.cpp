// The shortest life of a model: W2's is built, predicts one text and ends. `footprint` measures how long that takes.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstdio>

using namespace xeras;
using namespace xeras::layers;

int main() {
  const Sequential model{Embedding(20'000, 128), LSTM(128), Dense(1)};
  const xt::xtensor<int, 2> ids = xt::ones<int>({1, 80});
  std::printf("%g\n", static_cast<double>(model.predict(ids)(0, 0)));
}
