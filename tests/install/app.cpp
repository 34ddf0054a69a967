#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

#include <cstddef>
#include <cstdlib>
#include <iostream>
#include <vector>

using namespace xeras;
using namespace xeras::layers;

int main() {
  Sequential model;
  model.add(Embedding(1000, 64, {.input_length = 10}));
  std::cout << model.output_shape() << '\n';
  if (model.output_shape() != Shape({None, 10, 64})) return EXIT_FAILURE;

  // Two arrays of the user's own kind, filled from ours: with other SIMD settings than the library's this crosses
  // from one allocator to another, in both directions.
  const xt::xarray<int> ids{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}};
  const xt::xarray<float> vectors = model.predict({{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}});
  const xt::xarray<float> again = model.predict(ids);
  const std::vector<std::size_t> expected{1, 10, 64};
  const bool has_expected_shape = std::vector<std::size_t>(vectors.shape().begin(), vectors.shape().end()) == expected;

  // xtensor itself, as xtensor_fix.hpp mends it, with the program's own SIMD settings.
  const xt::xarray<float> w{{3, 4}, {6, 8}};
  const xt::xarray<float> units = w / xt::sqrt(xt::sum(w * w, {1}, xt::keep_dims));
  const bool has_units = xt::allclose(units, xt::xarray<float>{{0.6f, 0.8f}, {0.6f, 0.8f}});
  return has_expected_shape && has_units && vectors == again ? EXIT_SUCCESS : EXIT_FAILURE;
}
