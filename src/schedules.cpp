#include "xeras/schedules.hpp"

#include "core/family.hpp"

namespace xeras::schedules {

std::shared_ptr<const LearningRateSchedule> LearningRateSchedule::from_config(const Value& value,
                                                                              const std::string& path) {
  static const auto& family = *new std::vector<FamilyRow<LearningRateSchedule>>{
      family_row<LearningRateSchedule, InverseTimeDecay>({}),
  };
  for (const FamilyRow<LearningRateSchedule>& row : family) {
    if (*value.find("class_name") != Value(row.class_name)) continue;
    const Value* const config = value.find("config");
    return row.make(config != nullptr ? *config : Value(), path + ".config");
  }
  throw FileError(fmt::format("{}: {}; expected a number or \"InverseTimeDecay\", the only schedule.", path,
                              value.find("class_name")->to_string()));
}

}  // namespace xeras::schedules
