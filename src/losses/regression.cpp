#include "xeras/losses/regression.hpp"

#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "losses/elements.hpp"
#include "losses/options.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {

void MeanSquaredError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = (p[i] - y[i]) * (p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = 2.0f * (p[i] - y[i]);
  });
}

void MeanAbsoluteError::rows(const Targets& targets, float* values, float* dp) const {
  mean_over_columns(targets, values, dp, [](const float* y, const float* p, std::size_t n, float* e, float* g) {
    for (std::size_t i = 0; i < n; ++i) e[i] = std::abs(p[i] - y[i]);
    for (std::size_t i = 0; g != nullptr && i < n; ++i) g[i] = p[i] == y[i] ? 0.0f : std::copysign(1.0f, p[i] - y[i]);
  });
}

void MeanAbsolutePercentageError::rows(const Targets& targets, float* values, float* dp) const {
  mean_of_elements(targets, values, dp, [](float y, float p) {
    const float percent = 100.0f / std::max(std::abs(y), epsilon);
    return Element<float>{percent * std::abs(y - p), p == y ? 0.0f : std::copysign(percent, p - y)};
  });
}

void MeanSquaredLogarithmicError::rows(const Targets& targets, float* values, float* dp) const {
  mean_of_elements(targets, values, dp, [](float y, float p) {
    const double q = std::max(p, epsilon), d = std::log1p(q) - std::log1p(double{std::max(y, epsilon)});
    return Element<double>{d * d, slope_of_max(p, epsilon) * 2.0 * d / (1.0 + q)};
  });
}

CosineSimilarity::CosineSimilarity(CosineSimilarityOptions options) : LossWith(std::move(options)) {
  check_axis(config().name, config().axis);
}

void CosineSimilarity::rows(const Targets& targets, float* values, float* dp) const {
  each_row(targets, values, dp, [](const float* y, const float* p, std::size_t columns, float* g) {
    double yy = 0.0, pp = 0.0, yp = 0.0;
    for (std::size_t c = 0; c < columns; ++c) {
      yy += double{y[c]} * y[c];
      pp += double{p[c]} * p[c];
      yp += double{y[c]} * p[c];
    }
    const double largest = 1.0 / double{epsilon};
    const double by_y = std::min(1.0 / std::sqrt(yy), largest), by_p = std::min(1.0 / std::sqrt(pp), largest);
    if (g == nullptr) return -yp * by_y * by_p;
    // The length of p is a constant where it is below epsilon.
    const double along = by_p < largest ? yp * by_p * by_p : 0.0, scale = pp > 0.0 ? by_y * by_p : 0.0;
    for (std::size_t c = 0; c < columns; ++c) g[c] = static_cast<float>(scale * (along * p[c] - y[c]));
    return -yp * by_y * by_p;
  });
}

Huber::Huber(HuberOptions options) : LossWith(std::move(options)) {
  if (!(config().delta > 0.0)) {
    throw InvalidArgument(fmt::format("{}: delta is {}; expected a positive number.", config().name, config().delta));
  }
}

void Huber::rows(const Targets& targets, float* values, float* dp) const {
  const auto delta = static_cast<float>(config().delta);
  mean_of_elements(targets, values, dp, [delta](float y, float p) {
    const float e = p - y, size = std::abs(e);
    if (size > delta) return Element<float>{delta * size - 0.5f * delta * delta, std::copysign(delta, e)};
    return Element<float>{0.5f * e * e, e};
  });
}

void LogCosh::rows(const Targets& targets, float* values, float* dp) const {
  mean_of_elements(targets, values, dp, [](float y, float p) {
    const double e = double{p} - y, size = std::abs(e);
    // log cosh e = log1p(2 sinh(e / 2)^2), whose square overflows for large errors.
    const double sinh = size < 1.0 ? std::sinh(0.5 * size) : 0.0;
    return Element<double>{
        size < 1.0 ? std::log1p(2.0 * sinh * sinh) : size + std::log1p(std::exp(-2.0 * size)) - std::numbers::ln2,
        std::tanh(e)};
  });
}

}  // namespace xeras::losses
