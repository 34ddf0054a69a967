#include "models/monitor.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "xeras/core/error.hpp"

namespace xeras::callbacks {
namespace {

constexpr const char* of_validation = "val_";

std::vector<std::string> names_of(const Scores& scores, bool validation) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    if (validation || !scores.name(i).starts_with(of_validation)) names.push_back(scores.name(i));
  }
  return names;
}

}  // namespace

bool larger_is_better(const std::string& who, const std::string& mode, const std::string& monitor) {
  if (mode != "auto" && mode != "min" && mode != "max") {
    throw InvalidArgument(who + ": " + unknown_name("mode", mode, {"auto", "min", "max"}));
  }
  const bool is_accuracy = monitor.ends_with("acc") || monitor.ends_with("accuracy") || monitor.ends_with("auc");
  return mode == "max" || (mode == "auto" && is_accuracy);
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
    throw InvalidArgument(fmt::format(
        "{}: monitor is \"{}\", but this fit never validates; expected a score that it reports: {}. Give "
        "fit validation_data or validation_split, and as many epochs as validation_freq, or monitor \"{}\".",
        who, monitor, fmt::join(names_of(reported, true), ", "), reported.name(0)));
  }
  throw InvalidArgument(who + ": " + unknown_name("monitor", monitor, names_of(reported, true)));
}

}  // namespace xeras::callbacks
