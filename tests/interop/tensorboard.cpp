// tensorboard LOG_DIR: trains a small model on words that were drawn at random, with callbacks::TensorBoard.
#include <string>

#include "xeras/xeras.hpp"

using namespace xeras;
using namespace xeras::layers;

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::vector<std::string> words{"", "bad", "dull", "poor", "fine", "good", "great", "film"};
  set_random_seed(1);
  xt::xarray<int> x = xt::zeros<int>({512, 6});
  xt::xarray<float> y = xt::zeros<float>({512, 1});
  std::uint32_t state = 1;
  for (std::size_t i = 0; i < 512; ++i) {
    int good = 0;
    for (std::size_t t = 0; t < 6; ++t) {
      state = state * 1664525u + 1013904223u;
      x(i, t) = static_cast<int>(1 + (state >> 16) % 7);
      good += x(i, t) == 7 ? 0 : x(i, t) >= 4 ? 1 : -1;
    }
    y(i, 0) = good > 0;
  }
  Sequential model;
  model.add(Embedding(8, 4, {.mask_zero = true, .name = "words"}));
  model.add(Bidirectional(LSTM(3)));
  model.add(Dense(1, {.activation = "sigmoid"}));
  model.compile("adam", "binary_crossentropy", "accuracy");
  // [fit]
  model.fit(x, y,
            {.epochs = 5,
             .verbose = 0,
             .callbacks = callbacks::TensorBoard({.log_dir = argv[1],
                                                  .histogram_freq = 1,
                                                  .write_steps_per_second = true,
                                                  .update_freq = 4,
                                                  .embeddings_freq = 1,
                                                  .embeddings_labels = words}),
             .validation_split = 0.25});
  // [fit]
}
