#include <fmt/format.h>

#include <cmath>

#include "losses/elements.hpp"
#include "losses/options.hpp"
#include "xeras/core/error.hpp"
#include "xeras/losses/probabilistic.hpp"

namespace xeras::losses {
namespace {

// Returns x^gamma and its derivative; an infinite derivative, at 0, counts as 0.
Element<double> power(double x, double gamma) {
  if (x == 0.0) return {gamma == 0.0 ? 1.0 : 0.0, gamma == 1.0 ? 1.0 : 0.0};
  const double value = std::pow(x, gamma);
  return {value, gamma * value / x};
}

// The probabilities of a row, from logits or scaled to a sum of 1. They are floats, as in Keras.
class Probabilities {
 public:
  Probabilities(const float* x, std::size_t columns, bool from_logits) : x_(x), from_logits_(from_logits) {
    if (from_logits) {
      largest_ = *std::max_element(x, x + columns);
      for (std::size_t c = 0; c < columns; ++c) scale_ += std::exp(double{x[c]} - largest_);
    } else {
      for (std::size_t c = 0; c < columns; ++c) scale_ += x[c];
    }
    if (scale_ != 0.0) scale_ = 1.0 / scale_;
  }

  float operator[](std::size_t c) const {
    return static_cast<float>((from_logits_ ? std::exp(double{x_[c]} - largest_) : double{x_[c]}) * scale_);
  }
  // Returns d(probability) / dx at class c, as a factor of the difference from the mean slope.
  double slope(float probability) const { return from_logits_ ? double{probability} : scale_; }

 private:
  const float* x_;
  bool from_logits_;
  double largest_ = 0.0;
  double scale_ = 0.0;
};

}  // namespace

BinaryFocalCrossentropy::BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
  check_not_negative(config().name, "gamma", config().gamma);
}

void BinaryFocalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const BinaryFocalCrossentropyOptions& o = config();
  mean_of_elements(targets, values, dp, [&o](float label, float x) {
    const double y = label * (1.0 - o.label_smoothing) + 0.5 * o.label_smoothing;
    const auto p = o.from_logits ? static_cast<float>(1.0 / (1.0 + std::exp(-double{x}))) : x;
    const double q = std::clamp(p, lowest, highest);
    const double crossentropy = -(y * std::log(q) + (1.0 - y) * std::log(1.0 - q));
    const double slope = slope_of_clip(p, lowest, highest) * ((1.0 - y) / (1.0 - q) - y / q);
    const Element<double> focus = power(1.0 - (y * p + (1.0 - y) * (1.0 - p)), o.gamma);
    const double weight = o.apply_class_balancing ? y * o.alpha + (1.0 - y) * (1.0 - o.alpha) : 1.0;
    const double to_logit = o.from_logits ? p * (1.0 - p) : 1.0;
    return Element<double>{weight * focus.value * crossentropy,
                           weight * to_logit * (focus.slope * (1.0 - 2.0 * y) * crossentropy + focus.value * slope)};
  });
}

CategoricalFocalCrossentropy::CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions options)
    : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
  check_smoothing(config().name, config().label_smoothing);
  check_not_negative(config().name, "gamma", config().gamma);
}

void CategoricalFocalCrossentropy::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  LossWith::check(y_true, y_pred, who);
  const PerClass& alpha = config().alpha;
  if (alpha.is_list() && static_cast<std::int64_t>(alpha.numbers().size()) != y_pred.last()) {
    throw InvalidInput(
        fmt::format("{}: alpha of {} has {} numbers and the prediction {} classes; expected one number "
                    "for each class.",
                    who, name(), alpha.numbers().size(), y_pred.last()));
  }
}

void CategoricalFocalCrossentropy::rows(const Targets& targets, float* values, float* dp) const {
  const CategoricalFocalCrossentropyOptions& o = config();
  const double uniform = o.label_smoothing / static_cast<double>(targets.pred_columns);
  each_row(targets, values, dp, [&](const float* y, const float* x, std::size_t columns, float* g) {
    const Probabilities p(x, columns, o.from_logits);
    double sum = 0.0, mean_slope = 0.0;
    for (std::size_t c = 0; c < columns; ++c) {
      const float probability = p[c];
      const double q = std::clamp(probability, lowest, highest), log_q = std::log(q);
      const double weight = -o.alpha[c] * (y[c] * (1.0 - o.label_smoothing) + uniform);
      const Element<double> focus = power(1.0 - q, o.gamma);
      sum += weight * focus.value * log_q;
      if (g == nullptr) continue;
      g[c] = static_cast<float>(slope_of_clip(probability, lowest, highest) * weight *
                                (focus.value / q - focus.slope * log_q));
      mean_slope += double{probability} * g[c];
    }
    for (std::size_t c = 0; g != nullptr && c < columns; ++c) {
      g[c] = static_cast<float>(p.slope(p[c]) * (g[c] - mean_slope));
    }
    return sum;
  });
}

}  // namespace xeras::losses
