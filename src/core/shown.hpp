#pragma once

#include <string>
#include <string_view>

namespace xeras {

// A name or a value that a user or a file gives, as messages show it: at most a line of it.
std::string shown(std::string_view text);

}  // namespace xeras
