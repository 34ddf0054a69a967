#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// FileError unless it is "float32", a policy of that name, or whole numbers for ids.
void check_dtype(const Value& dtype, const std::string& place);

// The configuration of a model of another precision, half, mixed or double, as one of float32.
Value as_float32(const Value& config);

}  // namespace xeras::io
