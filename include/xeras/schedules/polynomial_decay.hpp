#pragma once

#include <optional>

#include "xeras/schedules/learning_rate_schedule.hpp"
#include "xeras/schedules/steps.hpp"

namespace xeras::schedules {

struct PolynomialDecayOptions {
  std::optional<double> initial_learning_rate = {};  ///< required
  std::optional<Steps> decay_steps = {};             ///< required
  double end_learning_rate = 0.0001;
  double power = 1.0;
  bool cycle = false;  ///< rise again after each decay_steps, each time to less
  std::optional<std::string> name = "PolynomialDecay";
};
XERAS_FIELDS(PolynomialDecayOptions, initial_learning_rate, decay_steps, end_learning_rate, power, cycle, name)

/// The learning rate (initial_learning_rate - end_learning_rate) * (1 - step / decay_steps) ^ power +
/// end_learning_rate until decay_steps, then end_learning_rate. With cycle, decay_steps in this formula is its first
/// multiple that the step does not exceed.
///
///   model.compile(optimizers::SGD(schedules::PolynomialDecay({.initial_learning_rate = 0.1, .decay_steps = 1000})),
///                 "mse");
/// Throws  InvalidArgument unless initial_learning_rate and decay_steps are given, decay_steps > 0, and all numbers are
///         finite
/// Source  keras.optimizers.schedules.PolynomialDecay
class XERAS_API PolynomialDecay final : public Configured<LearningRateSchedule, PolynomialDecayOptions> {
 public:
  explicit PolynomialDecay(PolynomialDecayOptions options);
  double operator()(std::int64_t step) const override;
};

}  // namespace xeras::schedules
