#include "xeras/losses/similarity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/input_visit.hpp"
#include "kernels/simd.hpp"
#include "losses/elements.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

// log sum exp of the terms that were added, updated term by term.
class LogSumExp {
 public:
  void add(double x) {
    if (x <= largest_) {
      sum_ += std::exp(x - largest_);
    } else {
      sum_ = sum_ * std::exp(largest_ - x) + 1.0;
      largest_ = x;
    }
  }
  double result() const { return sum_ > 0.0 ? largest_ + std::log(sum_) : -std::numeric_limits<double>::infinity(); }

 private:
  double largest_ = std::numeric_limits<double>::lowest();
  double sum_ = 0.0;
};

// The loss of one sample against its batch.
class Sample {
 public:
  Sample(const Targets& t, const CircleOptions& o, std::int64_t i, float* distances)
      : t_(t), o_(o), i_(i), distances_(distances) {
    const std::int64_t D = t.pred_columns;
    LogSumExp near, far;
    for (std::int64_t j = 0; j < t.rows; ++j) {
      distances[j] = 1.0f - kernels::simd().dot(t.y_pred + i * D, t.y_pred + j * D, static_cast<std::size_t>(D));
      if (!is_neighbour(j)) continue;
      (is_near(j) ? near : far).add(term(j).value);
    }
    near_ = near.result();
    far_ = far.result();
  }

  // softplus(near + far), which is 0 where a sum is empty.
  double value() const {
    const double x = near_ + far_;
    return std::isinf(x) && x < 0.0 ? 0.0 : std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x)));
  }

  // Adds factor * the gradient to dp (rows, D).
  void add_gradient(double factor, float* dp) const {
    const std::int64_t D = t_.pred_columns;
    const double outer = factor / (1.0 + std::exp(-(near_ + far_)));
    if (!(outer != 0.0)) return;
    for (std::int64_t j = 0; j < t_.rows; ++j) {
      if (!is_neighbour(j)) continue;
      const Element<double> each = term(j);
      const double share = std::exp(each.value - (is_near(j) ? near_ : far_));
      const auto slope = static_cast<float>(-outer * share * each.slope * slope_of_max(distances_[j], 0.0f));
      kernels::simd().axpy(slope, t_.y_pred + j * D, dp + i_ * D, static_cast<std::size_t>(D));
      kernels::simd().axpy(slope, t_.y_pred + i_ * D, dp + j * D, static_cast<std::size_t>(D));
    }
  }

 private:
  bool is_near(std::int64_t j) const { return t_.y_true[i_] == t_.y_true[j]; }
  bool is_neighbour(std::int64_t j) const { return i_ != j || !o_.remove_diagonal; }

  // The exponent of a neighbour, as a function of its distance.
  Element<double> term(std::int64_t j) const {
    const double d = std::max(distances_[j], 0.0f), m = o_.margin, gamma = o_.gamma;
    const double weight = is_near(j) ? m + d : 1.0 + m - d, rest = is_near(j) ? d - m : 1.0 - m - d;
    if (weight <= 0.0) return {0.0, weight == 0.0 ? 0.5 * gamma * rest * (is_near(j) ? 1.0 : -1.0) : 0.0};
    return {gamma * weight * rest, gamma * (weight + rest) * (is_near(j) ? 1.0 : -1.0)};
  }

  const Targets& t_;
  const CircleOptions& o_;
  std::int64_t i_;
  float* distances_;
  double near_ = 0.0;
  double far_ = 0.0;
};

}  // namespace

void Circle::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  if (y_pred.rank() != 2) {
    throw InvalidInput(fmt::format(
        "{}: the prediction has shape {} but {} expects (batch, features), one embedding for each sample. Reduce the "
        "other axes, for example with GlobalAveragePooling1D.",
        who, y_pred.to_string(), name()));
  }
  check_targets(y_true, y_pred, who, {.kind = TargetKind::labels, .name = name()});
  visit_data(y_true, [&](const auto* labels) {
    for (std::int64_t i = 0; i < y_true.extents().size(); ++i) {
      const auto label = static_cast<double>(labels[i]);
      if (label == std::floor(label)) continue;
      throw InvalidInput(fmt::format("{}: y has label {} at row {}; expected whole numbers.", who, label, i));
    }
  });
}

double Circle::compute(const Targets& t, float* scratch, float* dp) const {
  float* const values = scratch;
  float* const weights = scratch + t.rows;
  float* const factors = scratch + 2 * t.rows;
  float* const distances = scratch + 3 * t.rows;
  std::int64_t unmasked = 0;
  for (std::int64_t i = 0; i < t.rows; ++i) {
    weights[i] = values[i] = 0.0f;
    factors[i] = 1.0f;
    if (t.mask != nullptr && t.mask[i] == 0) continue;
    values[i] = static_cast<float>(Sample(t, config(), i, distances).value());
    if (values[i] <= 0.0f) continue;  // as in Keras; NaN counts
    weights[i] = t.sample_weight != nullptr ? t.sample_weight[i] : 1.0f;
    ++unmasked;
  }
  // The factors become the derivatives of the result with respect to the values.
  const double result = reduce(values, weights, t.rows, unmasked, dp != nullptr ? factors : nullptr, 1);
  if (dp == nullptr) return result;
  std::fill_n(dp, t.rows * t.pred_columns, 0.0f);
  for (std::int64_t i = 0; i < t.rows; ++i) {
    if (factors[i] != 0.0f) Sample(t, config(), i, distances).add_gradient(factors[i], dp);
  }
  return result;
}

}  // namespace xeras::losses
