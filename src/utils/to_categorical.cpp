#include "xeras/utils/to_categorical.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/input_visit.hpp"
#include "xeras/core/error.hpp"

namespace xeras::utils {
namespace {

// The largest label for which one row alone would not exceed any memory.
constexpr double largest_label = 0x1.0p45;

// Returns the labels as integers.
std::vector<std::int64_t> labels_of(const Input& x) {
  std::vector<std::int64_t> labels;
  labels.reserve(static_cast<std::size_t>(x.extents().size()));
  visit_data(x, [&](const auto* data) {
    for (std::int64_t i = 0; i < x.extents().size(); ++i) {
      const auto value = static_cast<double>(data[i]);
      if (!(value >= 0.0 && value < largest_label && value == std::floor(value))) {
        throw InvalidInput(fmt::format(
            "to_categorical: label {} at position {}; expected a whole number, 0 or more. Number the classes from 0.",
            value, i));
      }
      labels.push_back(static_cast<std::int64_t>(value));
    }
  });
  return labels;
}

}  // namespace

Tensor to_categorical(const Input& x, ToCategoricalOptions options) {
  if (!x || x.extents().rank() == 0) {
    throw InvalidInput("to_categorical: x is missing; expected an array of labels. Pass one label per sample.");
  }
  if (options.num_classes && *options.num_classes <= 0) {
    throw InvalidArgument(fmt::format(
        "to_categorical: num_classes is {}; expected a positive integer. Leave it out for the largest label "
        "+ 1.",
        *options.num_classes));
  }
  const std::vector<std::int64_t> labels = labels_of(x);
  if (labels.empty() && !options.num_classes) {
    throw InvalidInput("to_categorical: x is empty and num_classes is missing; expected one of them. Set num_classes.");
  }
  const std::int64_t classes =
      options.num_classes ? *options.num_classes : *std::max_element(labels.begin(), labels.end()) + 1;
  std::vector<Dim> shape;
  const std::size_t rank = x.extents().rank();
  const std::size_t kept = rank > 1 && x.extents().last() == 1 ? rank - 1 : rank;
  for (std::size_t axis = 0; axis < kept; ++axis) shape.push_back(x.extents()[axis]);
  shape.push_back(classes);
  Tensor result = empty_tensor(Shape(std::move(shape)));
  std::fill(result.begin(), result.end(), 0.0f);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= classes) {
      throw InvalidInput(
          fmt::format("to_categorical: label {} at position {}; expected labels below num_classes = {}. Raise "
                      "num_classes.",
                      labels[i], i, classes));
    }
    result.data()[static_cast<std::int64_t>(i) * classes + labels[i]] = 1.0f;
  }
  return result;
}

Tensor to_categorical(const Input& x, std::int64_t num_classes) {
  return to_categorical(x, ToCategoricalOptions{.num_classes = num_classes});
}

}  // namespace xeras::utils
