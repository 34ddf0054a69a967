#include "callbacks/learning_rate.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::callbacks {

void require_settable_rate(const std::string& who, const Sequential& model) {
  if (!model.optimizer().has_schedule()) return;
  throw InvalidArgument(
      fmt::format("{}: the learning_rate of {} is a schedule; expected a number. Compile with an optimizer whose "
                  "learning_rate is a number, or leave the callback out.",
                  who, model.optimizer().class_name()));
}

double learning_rate_of(const Sequential& model) { return static_cast<float>(model.optimizer().learning_rate()); }

void log_learning_rate(const Sequential& model, Scores& logs) { logs.set("learning_rate", learning_rate_of(model)); }

}  // namespace xeras::callbacks
