#include "xeras/metrics/from_function.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {

FunctionMetric::FunctionMetric(std::string name, losses::RowValue value, Direction direction)
    : name_(std::move(name)), value_(std::move(value)), direction_(direction) {
  if (name_.empty()) throw InvalidArgument("from_function: the name is empty; expected one, such as \"my_metric\".");
  if (value_) return;
  throw InvalidArgument(
      fmt::format("from_function: metric \"{}\" has no function; expected one that returns the value "
                  "of a row.",
                  shown(name_)));
}

Value FunctionMetric::get_config() const { return Value::Dict{{"name", name_}}; }

void FunctionMetric::check(const Input& y_true, const Extents& y_pred, const std::string& who) const {
  Metric::check(y_true, y_pred, who);
}

void FunctionMetric::rows(const Targets& t, float* values, float*) const {
  const auto true_columns = static_cast<std::size_t>(t.true_columns);
  const auto pred_columns = static_cast<std::size_t>(t.pred_columns);
  for (std::int64_t r = 0; r < t.rows; ++r) {
    values[r] = static_cast<float>(
        value_({t.y_true + r * t.true_columns, true_columns}, {t.y_pred + r * t.pred_columns, pred_columns}));
  }
}

FunctionMetric from_function(std::string name, losses::RowValue value, Direction direction) {
  return FunctionMetric(std::move(name), std::move(value), direction);
}

}  // namespace xeras::metrics
