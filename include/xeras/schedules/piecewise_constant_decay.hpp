#pragma once

#include <optional>
#include <vector>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct PiecewiseConstantDecayOptions {
  std::vector<Steps> boundaries = {};  ///< the last step of each value but the last
  std::vector<double> values = {};     ///< one more than boundaries
  std::optional<std::string> name = "PiecewiseConstant";
};
XERAS_FIELDS(PiecewiseConstantDecayOptions, boundaries, values, name)

/// A learning rate of steps: values[0] until the step boundaries[0], included, then values[1] until boundaries[1], and
/// so on.
///
///   model.compile(optimizers::SGD(schedules::PiecewiseConstantDecay({.boundaries = {1000, 1500},
///                                                                    .values = {1.0, 0.5, 0.1}})), "mse");
/// Throws  InvalidArgument unless there is at least one boundary, one value more than boundaries, boundaries increase,
///         and all numbers are finite
/// Source  keras.optimizers.schedules.PiecewiseConstantDecay
class XERAS_API PiecewiseConstantDecay final : public Configured<LearningRateSchedule, PiecewiseConstantDecayOptions> {
 public:
  explicit PiecewiseConstantDecay(PiecewiseConstantDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
