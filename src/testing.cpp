#include "xeras/testing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/masked_traps.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::testing {
namespace {

// A loss and its batch, in which single predictions move.
class MovableBatch {
 public:
  MovableBatch(const losses::Loss& loss, const Input& y_true, const Input& y_pred, const Input& sample_weight)
      : loss_(loss),
        batch_(y_true, y_pred, sample_weight, loss.name()),
        targets_(batch_.targets()),
        p_(targets_.y_pred, targets_.y_pred + targets_.rows * targets_.pred_columns),
        scratch_(static_cast<std::size_t>(loss.scratch_size(targets_))) {
    targets_.y_pred = p_.data();
  }

  std::size_t size() const { return p_.size(); }
  float at(std::size_t i) const { return p_[i]; }

  double value(float* dp = nullptr) { return loss_.compute(targets_, scratch_.data(), dp); }

  double value_where(std::size_t i, float p) {
    const float before = std::exchange(p_[i], p);
    const double result = value();
    p_[i] = before;
    return result;
  }

  double slope(std::size_t i, double step) {
    const auto h = static_cast<float>(step * std::max(std::abs(double{p_[i]}), 0.1));
    // The distances as they are in float. Both differences are of points at almost equal distances to either side.
    const float up = p_[i] + h, down = p_[i] - h, far_up = p_[i] + 2.0f * h, far_down = p_[i] - 2.0f * h;
    const double near = (value_where(i, up) - value_where(i, down)) / (double{up} - down);
    const double far = (value_where(i, far_up) - value_where(i, far_down)) / (double{far_up} - far_down);
    return (4.0 * near - far) / 3.0;
  }

 private:
  const losses::Loss& loss_;
  WholeBatch batch_;
  Targets targets_;
  std::vector<float> p_;
  std::vector<float> scratch_;
};

void check_positive(const char* option, double value) {
  if (value > 0.0 && std::isfinite(value)) return;
  throw InvalidArgument(fmt::format("check_gradient: {} is {}; expected a positive number.", option, value));
}

// Returns a number for messages, in which NaN has no sign.
std::string shown(double value) { return std::isnan(value) ? "nan" : fmt::format("{:.6g}", value); }

// Returns "(1, 2)", the place of element i of an array.
std::string place_of(std::size_t i, const Extents& extents) {
  std::vector<std::int64_t> place(extents.rank());
  auto rest = static_cast<std::int64_t>(i);
  for (std::size_t axis = extents.rank(); axis-- > 0;) {
    place[axis] = rest % extents[axis];
    rest /= extents[axis];
  }
  return fmt::format("({})", fmt::join(place, ", "));
}

}  // namespace

void check_gradient(const LossArgument& loss, const Input& y_true, const Input& y_pred,
                    const GradientCheckOptions& options) {
  const MaskedTraps masked;
  check_positive("step", options.step);
  check_positive("tolerance", options.tolerance);
  if (!loss) throw InvalidArgument("check_gradient: the loss is null; expected a loss or its name. Pass one.");
  loss->check(y_true, y_pred.extents(), "check_gradient");
  MovableBatch batch(*loss, y_true, y_pred, options.sample_weight);
  std::vector<float> dp(batch.size(), std::numeric_limits<float>::quiet_NaN());
  const double with_gradient = batch.value(dp.data()), alone = batch.value();
  if (!(with_gradient == alone)) {
    throw Error(fmt::format(
        "check_gradient: {} has value {} when it computes its gradient, and {} when it does not; expected one value. "
        "Compute the value in the same way whether dp is null or not, and see that it is finite.",
        loss->name(), shown(with_gradient), shown(alone)));
  }
  std::vector<double> slopes;
  for (std::size_t i = 0; i < batch.size(); ++i) slopes.push_back(batch.slope(i, options.step));
  double largest = 0.0;
  for (const double slope : slopes) largest = std::max(largest, std::abs(slope));
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const double allowed = options.tolerance * std::max(std::abs(slopes[i]), 0.1 * largest);
    if (std::abs(dp[i] - slopes[i]) <= allowed) continue;
    throw Error(fmt::format(
        "check_gradient: {} has the derivative {} at {} of y_pred, where the loss has the slope {}; expected a "
        "difference of at most {:.2g}. Correct the gradient, or choose predictions away from corners of the loss.",
        loss->name(), shown(dp[i]), place_of(i, y_pred.extents()), shown(slopes[i]), allowed));
  }
}

}  // namespace xeras::testing
