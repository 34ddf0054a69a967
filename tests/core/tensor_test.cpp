#include "xeras/core/tensor.hpp"

#include <cstdint>

#include "catch.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;

TEST_CASE("Tensor is aligned, and converts to and from xtensor's arrays") {
  const xt::xarray<float> plain{{1, 2}, {3, 4}};
  const Tensor tensor = plain;
  CHECK(reinterpret_cast<std::uintptr_t>(tensor.data()) % 64 == 0);
  const xt::xarray<float> back = tensor * 2.0f;
  CHECK(back(1, 1) == 8.0f);
  const Tensor summed = xt::sum(tensor, {0});
  CHECK(summed(0) == 4.0f);
  CHECK(shape_of(tensor) == Shape({2, 2}));
  CHECK(shape_of(empty_tensor({3, 0, 2})) == Shape({3, 0, 2}));
}
