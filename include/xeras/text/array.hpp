#pragma once

#include "xeras/core/tensor.hpp"

namespace xeras::text {

/// Tensor's sibling for other numbers: converts to and from xt::xarray<T>, xt::xtensor<T, 2> and any other expression,
/// and goes into fit and predict as it is.
template <class T>
using Array = xt::xarray<T, xt::layout_type::row_major, AlignedAllocator<T>>;

}  // namespace xeras::text
