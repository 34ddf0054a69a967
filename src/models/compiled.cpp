#include "models/compiled.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "xeras/core/error.hpp"

namespace xeras {

Compiled compile(OptimizerArgument optimizer, LossArgument loss, std::vector<MetricArgument> metrics,
                 CompileOptions options) {
  if (!optimizer)
    throw InvalidArgument("compile: optimizer is null; expected a name or an object. \"rmsprop\" is usual.");
  if (!std::isfinite(options.loss_weights)) {
    throw InvalidArgument(fmt::format("compile: loss_weights is {}; expected a finite number.", options.loss_weights));
  }
  if (options.steps_per_execution <= 0) {
    throw InvalidArgument(
        fmt::format("compile: steps_per_execution is {}; expected a positive integer. 1 calls the hooks of callbacks "
                    "for each batch.",
                    std::int64_t{options.steps_per_execution}));
  }
  std::vector<std::string> names{"loss"};
  const auto add_name = [&](const MetricArgument& metric, const char* prefix) {
    if (!metric) throw InvalidArgument("compile: a metric is null; expected a name or an object. Try \"accuracy\".");
    const auto taken = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    std::string name = taken(metric->name()) ? prefix + metric->name() : metric->name();
    const std::string stem = name;
    for (int number = 1; taken(name); ++number) name = fmt::format("{}_{}", stem, number);
    names.push_back(std::move(name));
  };
  for (const MetricArgument& metric : metrics) add_name(metric, "");
  for (const MetricArgument& metric : options.weighted_metrics) add_name(metric, "weighted_");
  return {.optimizer = std::move(optimizer),
          .loss = std::move(loss),
          .metrics = std::move(metrics),
          .weighted_metrics = std::move(options.weighted_metrics),
          .names = std::make_shared<const std::vector<std::string>>(std::move(names)),
          .loss_weight = options.loss_weights,
          .steps_per_execution = options.steps_per_execution};
}

}  // namespace xeras
