// Compiled without -fno-new-ttp-matching, as by a user who has no CMake: so that the header's own cure is what works
// here.
#include "xeras/core/xtensor_fix.hpp"

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
