#pragma once

#include "xeras/core/tensor.hpp"

namespace xeras::text {

/// The equivalent of Tensor for other element types. It converts to and from xt::xarray<T>, xt::xtensor<T, 2> and any
/// other expression; fit and predict take it directly.
template <class T>
using Array = xt::xarray<T, xt::layout_type::row_major, AlignedAllocator<T>>;

}  // namespace xeras::text
