#pragma once

#include <cstdint>
#include <string>

#include "layers/node.hpp"

namespace xeras {

// 1234567 -> 1,234,567
std::string with_commas(std::int64_t number);

// Returns "made", "passed", "used", "used, passed", "ended", or "" for a layer without a mask.
const char* words_of(MaskRole role);

}  // namespace xeras
