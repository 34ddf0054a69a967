// The Embedding example of the documentation: a model of one layer, which returns the vectors of random words.
#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cassert>
#include <iostream>

using namespace xeras;
using namespace xeras::layers;

int main() {
  // [readme]
  Sequential model;
  model.add(Embedding(1000, 64, {.input_length = 10}));
  // The model takes an integer matrix (batch, 10); no id may be larger than 999.
  assert(model.output_shape() == Shape({None, 10, 64}));

  xt::xarray<int> input_array = xt::random::randint<int>({32, 10}, 0, 1000);
  model.compile("rmsprop", "mse");
  xt::xarray<float> output_array = model.predict(input_array);
  // [readme]
  std::cout << "output_shape " << model.output_shape() << ", predicted (" << output_array.shape(0) << ", "
            << output_array.shape(1) << ", " << output_array.shape(2) << ")\n";

  // [lookup]
  // [[4], [20]] -> [[[0.25, 0.1]], [[0.6, -0.2]]]
  Sequential lookup;
  auto& words = lookup.add(Embedding(21, 2, {.input_length = 1, .name = "words"}));
  Tensor vectors = xt::zeros<float>({21, 2});
  xt::view(vectors, 4) = xt::xarray<float>{0.25f, 0.1f};
  xt::view(vectors, 20) = xt::xarray<float>{0.6f, -0.2f};
  words.set_weights({vectors});
  std::cout << lookup.predict({{4}, {20}}) << '\n';
  // [lookup]
  model.summary();
}
