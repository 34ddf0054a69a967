#pragma once

#include <cstdint>
#include <string>

// Checks of options that several losses have. They throw InvalidArgument.
namespace xeras::losses {

// Throws unless the axis is -1, the last.
void check_axis(const std::string& name, std::int64_t axis);
// Throws unless it is a number from 0 to 1.
void check_smoothing(const std::string& name, double smoothing);
// Throws unless the option is a finite number of at least 0.
void check_not_negative(const std::string& name, const char* option, double value);

}  // namespace xeras::losses
