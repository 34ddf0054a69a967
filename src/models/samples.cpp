#include "models/samples.hpp"

#include <fmt/format.h>

#include <cmath>

#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

void check_length(const char* who, const char* what, const Input& data, const Input& x) {
  if (data.length() == x.length()) return;
  throw InvalidInput(
      fmt::format("{}: x has {} samples and {} has {}; expected equal numbers. Check how the data was assembled.", who,
                  x.length(), what, data.length()));
}

void check_class_weight(const char* who, const Samples& samples) {
  if (!samples.has_class_weight()) return;
  for (const auto& [label, weight] : *samples.class_weight) {
    if (std::isfinite(static_cast<float>(weight))) continue;
    throw InvalidArgument(fmt::format(
        "{}: class_weight of label {} is {}; expected finite numbers. Use 0 to ignore a class.", who, label, weight));
  }
  if (samples.sample_weight) {
    throw InvalidArgument(fmt::format(
        "{}: class_weight and sample_weight are both given; expected one of them. Multiply them into sample_weight.",
        who));
  }
  if (samples.y.extents().rank() > 2) {
    throw InvalidArgument(
        fmt::format("{}: class_weight with y of shape {}; expected one label per sample. Use sample_weight of shape "
                    "(samples, time).",
                    who, samples.y.extents().to_string()));
  }
}

}  // namespace

Samples Samples::range(std::int64_t begin, std::int64_t count) const {
  const auto part = [&](const Input& data) { return data ? data.samples(begin, count) : Input(); };
  return {part(x), part(y), part(sample_weight), class_weight, first + begin};
}

void check_targets(const char* who, const Compiled& compiled, const Samples& samples, const Extents& predictions) {
  if (!compiled.loss) {
    throw NotCompiled(
        fmt::format("{}: the model has no loss; expected one. Call compile with one, such as \"mse\".", who));
  }
  if (!samples.y)
    throw InvalidInput(fmt::format("{}: y is missing; expected the targets. Pass one for each row of x.", who));
  check_length(who, "y", samples.y, samples.x);
  compiled.loss->check(samples.y, predictions, who);
  for (const MetricArgument& metric : compiled.metrics) metric->check(samples.y, predictions, who);
  for (const MetricArgument& metric : compiled.weighted_metrics) metric->check(samples.y, predictions, who);
  if (samples.sample_weight) {
    check_length(who, "sample_weight", samples.sample_weight, samples.x);
    check_weights(samples.sample_weight, predictions, who);
  }
  check_class_weight(who, samples);
}

}  // namespace xeras
