#pragma once

// Includes what every other use of xtensor here must come after. xtensor before 0.26 gives expressions over an xarray
// a wrong temporary type under g++ in C++20 (a fixed-rank xtensor of an uninitialised shape), which compiles silently
// and crashes; naming the right one for the one shape type concerned cures it. Where the compiler was told
// -fno-new-ttp-matching, as the CMake target does, the macro below is not defined and nothing needs a cure.
#if __has_include(<xtensor/core/xtensor_config.hpp>)
#include <xtensor/core/xtensor_config.hpp>
#else
#include <xtensor/xtensor_config.hpp>
#endif

#if XTENSOR_VERSION_MAJOR == 0 && XTENSOR_VERSION_MINOR < 26 && defined(__cpp_template_template_args)
#include <xtensor/xexpression_traits.hpp>
#include <xtensor/xstorage.hpp>

namespace xt::detail {
template <>
struct xtype_for_shape<svector<std::size_t, 4, std::allocator<std::size_t>, true>> {
  template <class T, layout_type L>
  using type = xarray<T, L>;
};
}  // namespace xt::detail
#endif
