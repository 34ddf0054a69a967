#pragma once

#include <fmt/format.h>

#include <string>

namespace xeras::callbacks {

// Returns a number as Python prints it: the shortest text that reads back as the same double, 1.0 and not 1.
inline std::string python_number(double number) {
  std::string text = fmt::format("{}", number);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

}  // namespace xeras::callbacks
