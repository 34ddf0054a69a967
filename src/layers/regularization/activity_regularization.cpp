#include "xeras/layers/regularization/activity_regularization.hpp"

#include <fmt/format.h>

#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras::layers {

ActivityRegularization::ActivityRegularization(ActivityRegularizationOptions options) : LayerWith(std::move(options)) {
  const auto require = [&](const char* option, double value) {
    if (value >= 0.0 && std::isfinite(value)) return;
    throw InvalidArgument(fmt::format("{}: {} is {}; expected a finite number >= 0.", who(), option, value));
  };
  require("l1", config().l1);
  require("l2", config().l2);
}

Spec ActivityRegularization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  builder.activity_regularizer(regularizers::L1L2(config().l1, config().l2));
  return input;
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(ActivityRegularization)
