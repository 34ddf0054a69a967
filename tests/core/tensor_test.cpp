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

TEST_CASE("Tensor begins at 64 bytes, a large one at a huge page") {
  const auto address = [](const Tensor& tensor) { return reinterpret_cast<std::uintptr_t>(tensor.data()); };
  for (const std::size_t size : {1, 1000, (1 << 20) - 1}) CHECK(address(empty_tensor({Dim(size)})) % 64 == 0);
  const Tensor large = xt::ones<float>({1 << 20});
  CHECK(address(large) % (1 << 21) == 0);
  CHECK(large(large.size() - 1) == 1.0f);
}
