#include "xeras/losses/probabilistic.hpp"

#include <fmt/format.h>

#include <cmath>

#include "losses/crossentropy.hpp"
#include "losses/elements.hpp"
#include "losses/options.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

void check_label(const std::string& name, float label, std::size_t classes, std::size_t row) {
  if (label >= 0.0f && label < static_cast<float>(classes)) return;
  throw InvalidInput(fmt::format("{}: label {} at row {}; expected 0..{}.", name, label, row, classes - 1));
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
    check_label(name(), label, C, r);
    values[r] = formula(static_cast<std::size_t>(label), targets.y_pred + r * C, C, row_dp);
  }
}

CategoricalGeneralizedCrossEntropy::CategoricalGeneralizedCrossEntropy(
    CategoricalGeneralizedCrossEntropyOptions options)
    : LossWith(std::move(options)) {
  if (!(config().q > 0.0 && config().q < 1.0)) {
    throw InvalidArgument(fmt::format("{}: q is {}; expected a number between 0 and 1.", config().name, config().q));
  }
}

void CategoricalGeneralizedCrossEntropy::rows(const Targets& targets, float* values, float* dp) const {
  const double q = config().q;
  each_row(targets, values, dp, [&](const float* label, const float* p, std::size_t columns, float* g) {
    check_label(name(), *label, columns, static_cast<std::size_t>(label - targets.y_true));
    const auto y = static_cast<std::size_t>(*label);
    const double right = p[y], power = std::pow(right, q);
    if (g != nullptr) {
      std::fill(g, g + columns, 0.0f);
      g[y] = static_cast<float>(right != 0.0 ? -power / right : 0.0);
    }
    return (1.0 - power) / q;
  });
}

void KLDivergence::rows(const Targets& targets, float* values, float* dp) const {
  each_row(targets, values, dp, [](const float* y, const float* p, std::size_t columns, float* g) {
    double sum = 0.0;
    for (std::size_t c = 0; c < columns; ++c) {
      const double target = std::clamp(y[c], epsilon, 1.0f), q = std::clamp(p[c], epsilon, 1.0f);
      sum += target * std::log(target / q);
      if (g != nullptr) g[c] = static_cast<float>(-slope_of_clip(p[c], epsilon, 1.0f) * target / q);
    }
    return sum;
  });
}

void Poisson::rows(const Targets& targets, float* values, float* dp) const {
  mean_of_elements(targets, values, dp, [](float y, float p) {
    const double q = p + epsilon;
    return Element<double>{p - y * std::log(q), 1.0 - y / q};
  });
}

}  // namespace xeras::losses
