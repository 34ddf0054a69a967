#pragma once

#include <string>

namespace xeras::schedules {

bool is_schedule_of_library(const std::string& class_name);

}  // namespace xeras::schedules
