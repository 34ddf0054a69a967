#include "xeras/metrics/function.hpp"

#include <fmt/format.h>

#include "metrics/function_metric.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {

void FunctionMetric::rows(const Targets& t, float* values, float*) const {
  const auto true_columns = static_cast<std::size_t>(t.true_columns);
  const auto pred_columns = static_cast<std::size_t>(t.pred_columns);
  for (std::int64_t r = 0; r < t.rows; ++r) {
    values[r] = static_cast<float>(
        value_({t.y_true + r * t.true_columns, true_columns}, {t.y_pred + r * t.pred_columns, pred_columns}));
  }
}

Named<Metric> from_function(std::string name, RowFunction value, Direction direction) {
  if (name.empty()) throw InvalidArgument("from_function: the name is empty; expected one, such as \"my_metric\".");
  if (!value) {
    throw InvalidArgument(
        fmt::format("from_function: metric \"{}\" has no function; expected one that returns the "
                    "value of a row.",
                    name));
  }
  return std::make_shared<FunctionMetric>(std::move(name), std::move(value), direction);
}

}  // namespace xeras::metrics
