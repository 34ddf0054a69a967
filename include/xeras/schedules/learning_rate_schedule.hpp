#pragma once

#include <cstdint>

#include "xeras/core/named.hpp"

namespace xeras::schedules {

/// A learning rate that follows from the number of steps. It goes wherever an optimizer takes a learning rate.
class XERAS_API LearningRateSchedule : public Configurable {
 public:
  /// The rate after so many steps of training.
  virtual double operator()(std::int64_t step) const = 0;

  static std::shared_ptr<const LearningRateSchedule> from_config(const Value& value, const std::string& path);
};

}  // namespace xeras::schedules
