#include "models/monitor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>

#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {
namespace {

constexpr std::string_view of_validation = "val_";

std::vector<std::string> names_of(const Scores& scores, bool validation) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (validation || !scores.name(i).starts_with(of_validation)) names.push_back(scores.name(i));
  }
  return names;
}

// Returns the direction of a score of training; none for an unknown name.
metrics::Direction direction_of(const std::string& name, const Sequential& model) {
  if (name == "loss") return metrics::Direction::down;
  const Compiled& compiled = *SequentialParts::state(model).compiled;
  for (std::size_t i = 1; i < compiled.names->size(); ++i) {
    if ((*compiled.names)[i] != name) continue;
    const std::size_t plain = compiled.metrics.size();
    return (i <= plain ? compiled.metrics[i - 1] : compiled.weighted_metrics[i - 1 - plain])->direction();
  }
  return metrics::Direction::none;
}

}  // namespace

void check_mode(const std::string& who, const std::string& mode) {
  if (mode == "auto" || mode == "min" || mode == "max") return;
  throw InvalidArgument(who + ": " + unknown_name("mode", mode, {"auto", "min", "max"}));
}

bool larger_is_better(const std::string& who, const std::string& mode, const std::string& monitor,
                      const Sequential& model) {
  if (mode != "auto") return mode == "max";
  const metrics::Direction direction =
      direction_of(monitor.starts_with(of_validation) ? monitor.substr(of_validation.size()) : monitor, model);
  if (direction != metrics::Direction::none) return direction == metrics::Direction::up;
  throw InvalidArgument(
      fmt::format("{}: monitor is \"{}\", a metric without direction, and mode is \"auto\"; expected mode \"min\" or "
                  "\"max\". Set mode to \"max\" where a larger value is better.",
                  who, monitor));
}

bool improves(double score, const std::optional<double>& best, double min_delta, bool larger_is_better) {
  if (!best) return true;
  const double delta = std::abs(min_delta);
  const auto reached = static_cast<float>(larger_is_better ? score - delta : score + delta);
  const auto reference = static_cast<float>(*best);
  return larger_is_better ? reached > reference : reached < reference;
}

bool has_validation(const Scores& scores) { return names_of(scores, false).size() < scores.size(); }

Scores without_validation(const Scores& scores) {
  Scores rest(std::make_shared<const std::vector<std::string>>(names_of(scores, false)));
  for (std::size_t i = 0; i < rest.size(); ++i) rest.set(i, scores[rest.name(i)]);
  return rest;
}

void check_monitor(const std::string& who, const std::string& monitor, const Scores& reported) {
  if (reported.contains(monitor)) return;
  if (monitor.starts_with(of_validation) && !has_validation(reported)) {
    throw InvalidArgument(
        fmt::format("{}: monitor is \"{}\", but this fit never validates; expected a score that it reports: {}. Give "
                    "fit validation_data or validation_split, and at least validation_freq epochs, or monitor \"{}\".",
                    who, monitor, fmt::join(names_of(reported, true), ", "), reported.name(0)));
  }
  throw InvalidArgument(who + ": " + unknown_name("monitor", monitor, names_of(reported, true)));
}

}  // namespace xeras::callbacks
