#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// Throws FileError unless the dtype is "float32", a policy of that name, or an integer type for ids.
void check_dtype(const Value& dtype, const std::string& place);

// Returns the configuration of a half, mixed or double precision model as one of float32.
Value as_float32(const Value& config);

}  // namespace xeras::io
