#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace xeras::text {

/// Returns the MD5 digest of some bytes (RFC 1321). It serves ids that must equal those of Python, not security.
std::array<std::uint8_t, 16> md5(std::string_view bytes);

}  // namespace xeras::text
