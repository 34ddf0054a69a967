#include "xeras/losses/from_functions.hpp"

#include <fmt/format.h>

#include "losses/elements.hpp"
#include "xeras/core/error.hpp"

namespace xeras::losses {

FunctionLoss::FunctionLoss(std::string name, RowValue value, RowGradient gradient, TargetKind targets)
    : name_(std::move(name)), value_(std::move(value)), gradient_(std::move(gradient)), target_kind_(targets) {
  if (name_.empty()) {
    throw InvalidArgument("from_functions: the name is empty; expected a name, which files keep. Name the loss.");
  }
  if (!value_ || !gradient_) {
    throw InvalidArgument(fmt::format("from_functions: {} of \"{}\" is empty; expected a function. Pass a function.",
                                      value_ ? "gradient" : "value", name_));
  }
}

Value FunctionLoss::get_config() const { return Value::Dict{{"name", name_}}; }

void FunctionLoss::rows(const Targets& targets, float* values, float* dp) const {
  const auto true_columns = static_cast<std::size_t>(targets.true_columns);
  each_row(targets, values, dp, [&](const float* y, const float* p, std::size_t columns, float* g) {
    const std::span<const float> y_true(y, true_columns), y_pred(p, columns);
    if (g != nullptr) gradient_(y_true, y_pred, std::span<float>(g, columns));
    return value_(y_true, y_pred);
  });
}

FunctionLoss from_functions(std::string name, RowValue value, RowGradient gradient, TargetKind targets) {
  return FunctionLoss(std::move(name), std::move(value), std::move(gradient), targets);
}

}  // namespace xeras::losses
