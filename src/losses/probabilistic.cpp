#include "xeras/losses/probabilistic.hpp"

#include <fmt/format.h>

#include "losses/crossentropy.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

void check_axis(const std::string& name, std::int64_t axis) {
  if (axis != -1) {
    throw InvalidArgument(
        fmt::format("{}: axis is {}; expected -1, the last. Permute the axes before the loss.", name, axis));
  }
}

void check_smoothing(const std::string& name, double smoothing) {
  if (!(smoothing >= 0.0 && smoothing <= 1.0)) {
    throw InvalidArgument(fmt::format("{}: label_smoothing is {}; expected a number from 0 to 1.", name, smoothing));
  }
}

}  // namespace

BinaryCrossentropy::BinaryCrossentropy(BinaryCrossentropyOptions options) : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
}

void BinaryCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto smoothing = static_cast<float>(config().label_smoothing);
  const auto formula = config().from_logits ? binary_crossentropy_of_logits : binary_crossentropy;
  mean_over_columns(targets, values, dp, [=](const float* y, const float* p, std::size_t n, float* e, float* g) {
    formula(y, p, n, smoothing, e, g);
  });
}

CategoricalCrossentropy::CategoricalCrossentropy(CategoricalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
}

void CategoricalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto C = static_cast<std::size_t>(targets.pred_columns);
  const auto formula = config().from_logits ? categorical_crossentropy_of_logits : categorical_crossentropy;
  for (std::size_t r = 0; r < static_cast<std::size_t>(targets.rows); ++r) {
    values[r] = formula(targets.y_true + r * C, targets.y_pred + r * C, C, config().label_smoothing,
                        dp != nullptr ? dp + r * C : nullptr);
  }
}

SparseCategoricalCrossentropy::SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
}

void SparseCategoricalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const auto C = static_cast<std::size_t>(targets.pred_columns);
  const auto formula =
      config().from_logits ? sparse_categorical_crossentropy_of_logits : sparse_categorical_crossentropy;
  for (std::size_t r = 0; r < static_cast<std::size_t>(targets.rows); ++r) {
    const float label = targets.y_true[r];
    float* const row_dp = dp != nullptr ? dp + r * C : nullptr;
    if (config().ignore_class && label == static_cast<float>(*config().ignore_class)) {
      values[r] = 0.0f;
      if (dp != nullptr) std::fill(row_dp, row_dp + C, 0.0f);
      continue;
    }
    if (!(label >= 0.0f && label < static_cast<float>(C))) {
      throw InvalidInput(fmt::format("{}: label {} at row {}; expected 0..{}.", name(), label, r, C - 1));
    }
    values[r] = formula(static_cast<std::size_t>(label), targets.y_pred + r * C, C, row_dp);
  }
}

}  // namespace xeras::losses
