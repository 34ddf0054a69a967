#pragma once

#include <optional>

#include "xeras/core/input.hpp"

/// Functions on data, as in keras.utils.
namespace xeras::utils {

struct ToCategoricalOptions {
  std::optional<std::int64_t> num_classes = {};  ///< default: the largest label + 1
};

/// Returns a one-hot row for each label. A trailing axis of 1 is left out.
///
///   to_categorical({0, 2});                      // {{1, 0, 0}, {0, 0, 1}}
///   to_categorical(labels, {.num_classes = 10});  // or to_categorical(labels, 10)
///
/// Throws  InvalidInput for labels that are not whole numbers in [0, num_classes), InvalidArgument for a num_classes
///         that is not positive
/// Source  keras.utils.to_categorical
XERAS_API Tensor to_categorical(const Input& x, ToCategoricalOptions options = {});
XERAS_API Tensor to_categorical(const Input& x, std::int64_t num_classes);

}  // namespace xeras::utils
