// The program for kill_saver: `xeras_saver save FILE` saves a model repeatedly until it is killed; `xeras_saver check
// FILE` loads the file and compares its predictions with the sample in it.
#include <iostream>
#include <string>

#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

int main(int argc, char** argv) try {
  if (argc != 3) return 2;
  const std::string task = argv[1], file = argv[2];
  if (task == "check") {
    load_model(file, {.verify = true});
    return 0;
  }
  Sequential model{Embedding(2000, 64, {.mask_zero = true}), LSTM(32), Dense(1)};
  model.compile("adam", "mse");
  const xt::xtensor<int, 2> x{{1, 2, 3, 0}, {4, 5, 0, 0}};
  const xt::xtensor<float, 2> y{{0}, {1}};
  while (true) {
    model.train_on_batch(x, y);
    model.save(file, {.sample = x});
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
