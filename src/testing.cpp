#include "xeras/testing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/masked_traps.hpp"
#include "losses/targets.hpp"
#include "models/sequential_parts.hpp"
#include "models/trainer.hpp"
#include "xeras/core/error.hpp"

namespace xeras::testing {
namespace {

// Returns the slope of a function of one number, from its values at x + h, x - h, x + 2 h and x - 2 h.
template <class F>
double slope_at(float x, float h, const F& value_at) {
  // The distances as they are in float. Both differences are of points at almost equal distances to either side.
  const float up = x + h, down = x - h, far_up = x + 2.0f * h, far_down = x - 2.0f * h;
  const double near = (value_at(up) - value_at(down)) / (double{up} - down);
  const double far = (value_at(far_up) - value_at(far_down)) / (double{far_up} - far_down);
  return (4.0 * near - far) / 3.0;
}

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
    return slope_at(p_[i], h, [&](float p) { return value_where(i, p); });
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

double largest_of(const std::vector<double>& slopes) {
  double largest = 0.0;
  for (const double slope : slopes) largest = std::max(largest, std::abs(slope));
  return largest;
}

// Throws where derivatives and slopes differ. `largest` is the largest slope that there is.
void compare(const std::string& loss, const std::string& array, const std::vector<float>& derivatives,
             const std::vector<double>& slopes, const Extents& extents, double largest, double tolerance) {
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const double allowed = tolerance * std::max(std::abs(slopes[i]), 0.1 * largest);
    if (std::abs(derivatives[i] - slopes[i]) <= allowed) continue;
    throw Error(fmt::format(
        "check_gradient: {} has the derivative {} at {} of {}, where the loss has the slope {}; expected a difference "
        "of at most {:.2g}. Correct the gradient, or choose numbers away from corners of the loss.",
        loss, shown(derivatives[i]), place_of(i, extents), array, shown(slopes[i]), allowed));
  }
}

void check_options(const GradientCheckOptions& options) {
  check_positive("step", options.step);
  check_positive("tolerance", options.tolerance);
}

}  // namespace

void check_gradient(const LossArgument& loss, const Input& y_true, const Input& y_pred,
                    const GradientCheckOptions& options) {
  const MaskedTraps masked;
  check_options(options);
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
  compare(loss->name(), "y_pred", dp, slopes, y_pred.extents(), largest_of(slopes), options.tolerance);
}

void check_gradient(const Sequential& model, const Input& x, const Input& y, const LossArgument& loss,
                    const GradientCheckOptions& options) {
  check_options(options);
  Sequential copy = model.clone();
  const BatchOptions batch{.sample_weight = options.sample_weight};
  copy.compile(optimizers::SGD(0.0), loss);
  copy.test_on_batch(x, y, batch);  // builds the model
  const std::vector<Tensor> weights = copy.get_weights();
  const std::vector<Variable*> variables = Trainer(copy).variables();
  for (Variable* variable : variables) variable->constraint = {};
  // One step of gradient descent at rate 1 moves each weight by its gradient.
  copy.optimizer().set_learning_rate(1.0);
  copy.train_on_batch(x, y, batch);
  std::vector<std::vector<float>> moved;
  for (const Variable* variable : variables) {
    moved.emplace_back(variable->value().data(), variable->value().data() + variable->size());
  }
  copy.set_weights(weights);

  std::vector<std::vector<double>> slopes(variables.size());
  double largest = 0.0;
  for (std::size_t v = 0; v < variables.size(); ++v) {
    for (std::size_t i = 0; i < variables[v]->size(); ++i) {
      const float w = variables[v]->value().data()[i];
      // Weights are smaller than their effect, and the loss of a model is less exact than a loss alone.
      const auto h = static_cast<float>(options.step * std::max(std::abs(double{w}), 1.0));
      slopes[v].push_back(slope_at(w, h, [&](float value) {
        variables[v]->to_write()[i] = value;
        return copy.test_on_batch(x, y, batch)["loss"];
      }));
      variables[v]->to_write()[i] = w;
      moved[v][i] = w - moved[v][i];
    }
    largest = std::max(largest, largest_of(slopes[v]));
  }
  const std::span<const Parameter> parameters = SequentialParts::state(copy).trained.to_write();
  for (std::size_t v = 0; v < variables.size(); ++v) {
    compare(loss->name(), std::string(parameters[v].path), moved[v], slopes[v], variables[v]->extents(), largest,
            options.tolerance);
  }
}

}  // namespace xeras::testing
