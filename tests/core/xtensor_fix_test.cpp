// Compiled without -fno-new-ttp-matching, as by a user who has no CMake: so that the header's own cure is what works
// here.
#include "xeras/core/xtensor_fix.hpp"

#include <vector>

#include "xeras/xtensor.hpp"

// After xtensor, whose operators Catch2 would otherwise not see.
#include "catch.hpp"

TEST_CASE("xtensor's temporaries of an xarray are xarrays") {
  const xt::xarray<float> a{{1, 2}, {3, 4}};
  static_assert(std::is_same_v<xt::temporary_type_t<decltype(a + 1.0f)>, xt::xarray<float>>);
  const xt::xarray<float> columns = xt::sum(a, {0}, xt::evaluation_strategy::immediate);
  CHECK(columns(0) == 4.0f);
  CHECK(columns(1) == 6.0f);
  CHECK(xt::variance(a)() == 1.25f);
}

TEST_CASE("xtensor's lazy reductions with keep_dims broadcast") {
  const xt::xarray<float> w{{3, 4}, {6, 8}, {5, 12}};
  const xt::xarray<float> units = w / xt::sqrt(xt::sum(w * w, {1}, xt::keep_dims));
  CHECK(xt::allclose(units, xt::xarray<float>{{0.6f, 0.8f}, {0.6f, 0.8f}, {5.0f / 13, 12.0f / 13}}));
  const xt::xarray<float> shares = w / xt::sum(w, {0}, xt::keep_dims);
  CHECK(xt::allclose(shares, xt::xarray<float>{{3.0f / 14, 4.0f / 24}, {6.0f / 14, 8.0f / 24}, {5.0f / 14, 0.5f}}));
  const xt::xarray<float> from_largest = w - xt::amax(w, {0, 1}, xt::keep_dims);
  CHECK(from_largest == xt::xarray<float>{{-9, -8}, {-6, -4}, {-7, 0}});
  const xt::xtensor<float, 2> fixed = w;
  const xt::xtensor<float, 2> centred = fixed - xt::mean(fixed, {1}, xt::keep_dims);
  CHECK(centred == xt::xtensor<float, 2>{{-0.5f, 0.5f}, {-1, 1}, {-3.5f, 3.5f}});
  const xt::xarray<float> deep{{{1, 2}, {3, 4}}, {{5, 6}, {7, 8}}};
  const xt::xarray<float> middle = deep - xt::sum(deep, {1}, xt::keep_dims);
  CHECK(middle == xt::xarray<float>{{{-3, -4}, {-1, -2}}, {{-7, -8}, {-5, -6}}});
}

TEST_CASE("xtensor's lazy reductions with keep_dims give each element by itself, and from the end") {
  const xt::xarray<float> w{{3, 4}, {6, 8}, {5, 12}};
  const auto from_sums = w - xt::sum(w, {1}, xt::keep_dims);
  CHECK(from_sums(2, 0) == -12.0f);
  CHECK(std::vector<float>(from_sums.rbegin(), from_sums.rend()) == std::vector<float>{-5, -12, -6, -8, -3, -4});
  const auto sums = xt::sum(w, {0}, xt::keep_dims);
  CHECK(std::vector<float>(sums.rbegin(), sums.rend()) == std::vector<float>{24, 14});
}
