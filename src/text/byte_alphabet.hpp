#pragma once

#include <optional>
#include <string>
#include <string_view>

// GPT-2's spelling of bytes as characters: printable bytes of Latin-1 as themselves, the other 68 as U+0100 and
// following.
namespace xeras::text {

/// Returns the character for a byte, as UTF-8.
std::string spell_byte(unsigned char byte);

/// Returns the bytes that a token spells; nothing if one of its characters spells no byte.
std::optional<std::string> spelled_bytes(std::string_view token);

}  // namespace xeras::text
