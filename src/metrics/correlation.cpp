#include "xeras/metrics/correlation.hpp"

#include <fmt/format.h>

#include <cmath>

#include "losses/targets.hpp"
#include "metrics/rows.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

// Returns the moments of `count` pairs, where pair(i) gives y and p.
template <class Moments, class Pair>
Moments moments_of(std::int64_t count, Pair pair) {
  Moments m;
  const auto n = static_cast<double>(count);
  for (std::int64_t i = 0; i < count; ++i) {
    const auto [y, p] = pair(i);
    m.y_mean += y / n;
    m.p_mean += p / n;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const auto [y, p] = pair(i);
    m.y_variance += (y - m.y_mean) * (y - m.y_mean) / n;
    m.p_variance += (p - m.p_mean) * (p - m.p_mean) / n;
    m.covariance += (y - m.y_mean) * (p - m.p_mean) / n;
  }
  return m;
}

}  // namespace

void CorrelationMetric::set_axis(const std::string& name, std::int64_t axis) {
  if (axis != -1 && axis != 0) {
    throw InvalidArgument(
        fmt::format("{}: axis is {}; expected -1, over the columns of a row, or 0, over a batch.", name, axis));
  }
  over_batch_ = axis == 0;
}

void CorrelationMetric::rows(const Targets& targets, float* values, float*) const {
  const std::int64_t columns = targets.pred_columns;
  for (std::int64_t r = 0; r < targets.rows; ++r) {
    const float* y = targets.y_true + r * columns;
    const float* p = targets.y_pred + r * columns;
    values[r] = static_cast<float>(correlation(
        moments_of<Moments>(columns, [&](std::int64_t c) { return std::pair<double, double>(y[c], p[c]); })));
  }
}

void CorrelationMetric::update(const Targets& targets) {
  if (!over_batch_) return MeanMetric::update(targets);
  if (targets.sample_weight != nullptr) {
    throw InvalidInput(
        fmt::format("{}: there are sample weights, but axis is 0; expected none, since a batch has one "
                    "correlation. Move the metric from weighted_metrics to metrics.",
                    name()));
  }
  std::int64_t count = 0;
  for (std::int64_t r = 0; r < targets.rows; ++r) count += !is_masked(targets, r);
  if (count == 0) return;
  Sums sums;
  for (std::int64_t c = 0; c < targets.pred_columns; ++c) {
    std::int64_t row = -1;
    sums.total += correlation(moments_of<Moments>(count, [&](std::int64_t i) {
      if (i == 0) row = -1;
      do ++row;
      while (is_masked(targets, row));
      const std::int64_t at = row * targets.pred_columns + c;
      return std::pair<double, double>(targets.y_true[at], targets.y_pred[at]);
    }));
    sums.weight += 1.0;
  }
  add(sums);
}

void CorrelationMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  MeanMetric::check(y_true, y_pred, who);
  if (over_batch_ && y_pred.rank() > 2) {
    throw InvalidInput(fmt::format("{}: {} has axis 0, but the prediction has shape {}; expected (batch, columns).",
                                   who, name(), y_pred.to_string()));
  }
}

PearsonCorrelation::PearsonCorrelation(PearsonCorrelationOptions options) : MetricWith(std::move(options)) {
  set_axis(config().name, config().axis);
}

double PearsonCorrelation::correlation(const Moments& m) const {
  return m.covariance / (std::sqrt(m.y_variance) * std::sqrt(m.p_variance));
}

ConcordanceCorrelation::ConcordanceCorrelation(ConcordanceCorrelationOptions options) : MetricWith(std::move(options)) {
  set_axis(config().name, config().axis);
}

double ConcordanceCorrelation::correlation(const Moments& m) const {
  constexpr double epsilon = 1e-7;
  const double shift = m.y_mean - m.p_mean;
  return 2.0 * m.covariance / (m.y_variance + m.p_variance + shift * shift + epsilon);
}

}  // namespace xeras::metrics
