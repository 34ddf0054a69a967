#include "xeras/losses/segmentation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "losses/options.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {
namespace {

constexpr double overlap_epsilon = 1e-7;

// The rows of a batch in groups of equal length; each group has one loss.
struct Groups {
  std::int64_t count;
  std::int64_t rows;  // of each group
};

Groups groups_of(const Targets& t, const Axes& axis) {
  if (axis.is_none()) return {t.rows > 0 ? 1 : 0, t.rows};
  if (axis.axes().size() == 1) return {t.rows, 1};
  return {t.rows / t.steps, t.steps};
}

// The weight of the loss of a whole batch, and the number of weights in its mean. Keras multiplies the loss by each
// weight before it reduces the products.
struct BatchWeight {
  double sum = 1.0;
  std::int64_t count = 1;
};

BatchWeight weight_of_batch(const Targets& t) {
  if (t.mask == nullptr && t.sample_weight == nullptr) return {};
  BatchWeight result{.sum = 0.0, .count = 0};
  const std::int64_t step = t.mask == nullptr && !t.weighs_steps ? t.steps : 1;  // a mask makes weights of steps
  for (std::int64_t r = 0; r < t.rows; r += step) {
    if (t.mask != nullptr && t.mask[r] == 0) continue;
    result.sum += t.sample_weight != nullptr ? t.sample_weight[r] : 1.0f;
    ++result.count;
  }
  return result;
}

}  // namespace

void OverlapLoss::check_axes(const std::string& name, const Axes& axis) {
  if (std::find(axis.axes().begin(), axis.axes().end(), 0) == axis.axes().end()) return;
  throw InvalidArgument(fmt::format(
      "{}: axis is {}; expected None, the last axis or all axes behind the batch. Leave out axis 0, the batch.", name,
      axis.to_string()));
}

void OverlapLoss::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  Loss::check(y_true, y_pred, who);
  if (axis().is_none()) return;
  const std::size_t rank = std::max<std::size_t>(y_pred.rank(), 2);  // a vector is a batch of single predictions
  const std::optional<AxisSet> axes = axis().within(rank);
  const bool is_one = axis().axes().size() == 1;
  bool fits = axes.has_value();
  for (std::size_t i = 0; fits && i < rank; ++i) fits = axes->test(i) == (is_one ? i + 1 == rank : i > 0);
  if (fits) return;
  throw InvalidInput(fmt::format(
      "{}: axis of {} is {} for a prediction of shape {}; expected None, the last axis or all axes behind the batch. "
      "Change axis, or permute the axes before the loss.",
      who, name(), axis().to_string(), y_pred.to_string()));
}

double OverlapLoss::compute(const Targets& t, float* scratch, float* dp) const {
  if (axis().axes().size() > 1) require_weights_of_samples(t, name());
  const Overlap o = overlap();
  const Groups groups = groups_of(t, axis());
  const std::int64_t size = groups.rows * t.pred_columns;
  const bool leaves_out = t.mask != nullptr && !axis().is_none();
  float* const values = scratch;
  float* const weights = scratch + groups.count;
  std::int64_t unmasked = 0;
  for (std::int64_t g = 0; g < groups.count; ++g) {
    const std::int64_t begin = g * groups.rows, end = begin + groups.rows;
    const auto counts = [&](std::int64_t row) { return !leaves_out || t.mask[row] != 0; };
    std::int64_t first = end;  // the first row that counts
    double both = 0.0, sum_y = 0.0, sum_p = 0.0;
    for (std::int64_t r = begin; r < end; ++r) {
      if (!counts(r)) continue;
      first = std::min(first, r);
      for (std::int64_t i = r * t.pred_columns; i < (r + 1) * t.pred_columns; ++i) {
        both += double{t.y_true[i]} * t.y_pred[i];
        sum_y += t.y_true[i];
        sum_p += t.y_pred[i];
      }
    }
    const double whole = both + o.alpha * (sum_y - both) + o.beta * (sum_p - both) + o.epsilon;
    for (std::int64_t r = begin; dp != nullptr && r < end; ++r) {
      for (std::int64_t i = r * t.pred_columns; i < (r + 1) * t.pred_columns; ++i) {
        const double y = t.y_true[i], slope = y - o.alpha * y + o.beta * (1.0 - y);  // of the whole
        dp[i] = counts(r) ? static_cast<float>((both * slope / whole - y) / whole) : 0.0f;
      }
    }
    values[g] = static_cast<float>(1.0 - both / whole);
    weights[g] = first == end ? 0.0f : t.sample_weight != nullptr ? t.sample_weight[first] : 1.0f;
    unmasked += first < end;
  }
  if (axis().is_none() && groups.count > 0) {
    const BatchWeight weight = weight_of_batch(t);
    weights[0] = static_cast<float>(weight.sum);
    unmasked = weight.count;
  }
  return reduce(values, weights, groups.count, unmasked, dp, size);
}

Dice::Dice(DiceOptions options) : LossWith(std::move(options)) { check_axes(config().name, config().axis); }

// Both halves of the formula's fraction by 2, which halves epsilon, too.
Dice::Overlap Dice::overlap() const { return {.alpha = 0.5, .beta = 0.5, .epsilon = overlap_epsilon / 2.0}; }

Tversky::Tversky(TverskyOptions options) : LossWith(std::move(options)) {
  check_axes(config().name, config().axis);
  check_not_negative(config().name, "alpha", config().alpha);
  check_not_negative(config().name, "beta", config().beta);
}

Tversky::Overlap Tversky::overlap() const {
  return {.alpha = config().alpha, .beta = config().beta, .epsilon = overlap_epsilon};
}

}  // namespace xeras::losses
