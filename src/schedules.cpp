#include "xeras/schedules.hpp"

#include <algorithm>

#include "core/family.hpp"
#include "schedules/family.hpp"

namespace xeras::schedules {
namespace {

const std::vector<FamilyRow<LearningRateSchedule>>& family() {
  static const auto& rows = *new std::vector<FamilyRow<LearningRateSchedule>>{
      family_row<LearningRateSchedule, CosineDecay>({}),
      family_row<LearningRateSchedule, CosineDecayRestarts>({}),
      family_row<LearningRateSchedule, ExponentialDecay>({}),
      family_row<LearningRateSchedule, InverseTimeDecay>({}),
      family_row<LearningRateSchedule, PiecewiseConstantDecay>({}),
      family_row<LearningRateSchedule, PolynomialDecay>({}),
  };
  return rows;
}

}  // namespace

bool is_schedule_of_library(const std::string& class_name) {
  return std::any_of(family().begin(), family().end(), [&](const auto& row) { return row.class_name == class_name; });
}

std::shared_ptr<const LearningRateSchedule> LearningRateSchedule::from_config(const Value& value,
                                                                              const std::string& path) {
  const Value* const found = value.find("class_name");
  const std::string* const class_name = found != nullptr ? found->get_if<std::string>() : nullptr;
  if (class_name == nullptr) {
    throw FileError(
        fmt::format("{}: {}; expected a schedule's class_name and config.", path, shown(value.to_string())));
  }
  std::vector<std::string> known;
  for (const FamilyRow<LearningRateSchedule>& row : family()) {
    known.push_back(row.class_name);
    if (*class_name != row.class_name) continue;
    const Value* const config = value.find("config");
    return row.make(config != nullptr ? *config : Value(), path + ".config");
  }
  throw FileError(
      fmt::format("{}: {} Pass a schedule of your own to load_model: {{.custom_objects = "
                  "{{custom_schedule<{}>()}}}}.",
                  path, unknown_name("schedule", *class_name, known), shown(*class_name)));
}

}  // namespace xeras::schedules
