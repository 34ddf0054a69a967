#pragma once

#include "xeras/core/input.hpp"

namespace xeras::utils {

struct NormalizeOptions {
  std::int64_t axis = -1;
  double order = 2.0;  ///< of the norm; may be infinite
};

/// Returns x divided by its norm along an axis; where that is 0, by 1.
///
///   normalize({{3.0, 4.0}});  // {{0.6, 0.8}}
///
/// Throws  InvalidArgument for an axis that x does not have or an order that is NaN
/// Source  keras.utils.normalize
XERAS_API Tensor normalize(const Input& x, NormalizeOptions options = {});

}  // namespace xeras::utils
