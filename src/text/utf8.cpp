#include "text/utf8.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <span>

namespace xeras::text {
namespace {

constexpr char32_t capital_sigma = 0x3A3, small_sigma = 0x3C3, final_sigma = 0x3C2;
constexpr char32_t replacement = 0xFFFD;

bool is_ascii(char byte) { return static_cast<unsigned char>(byte) < 0x80; }
bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

void append(char32_t point, std::string& result) {
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
  result.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

// Returns how many bytes of an invalid sequence could begin a valid code point if other bytes followed.
std::size_t maximal_subpart(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0xC2 || lead > 0xF4) return 1;
  const std::size_t whole = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte must not lead to an overlong form, a surrogate, or a code point above U+10FFFF.
  const unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (bytes.size() < 2 || byte(1) < least || byte(1) > most) return 1;
  std::size_t length = 2;
  while (length < std::min(whole, bytes.size()) && is_continuation(bytes[length])) ++length;
  return length;
}

struct Range {
  char32_t first, last;
};

bool is_in(std::span<const Range> ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

// Tests Unicode's property Case_Ignorable: general categories, plus MidLetter, MidNumLet and Single_Quote of
// Word_Break.
bool is_case_ignorable(char32_t point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_ME:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_SK:
      return true;
    default:
      break;
  }
  static constexpr Range others[] = {{0x27, 0x27},     {0x2E, 0x2E},     {0x3A, 0x3A},     {0xB7, 0xB7},
                                     {0x387, 0x387},   {0x55F, 0x55F},   {0x5F4, 0x5F4},   {0x2018, 0x2019},
                                     {0x2024, 0x2024}, {0x2027, 0x2027}, {0xFE13, 0xFE13}, {0xFE52, 0xFE52},
                                     {0xFE55, 0xFE55}, {0xFF07, 0xFF07}, {0xFF0E, 0xFF0E}, {0xFF1A, 0xFF1A}};
  return is_in(others, point);
}

// Tests Unicode's property Cased for code points that are not Case_Ignorable: letters with case, and the ordinals,
// Roman numerals, and letters in circles and squares that count as such.
bool is_cased(char32_t point) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(point))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
      return true;
    default:
      break;
  }
  static constexpr Range others[] = {{0xAA, 0xAA},       {0xBA, 0xBA},       {0x2160, 0x217F},  {0x24B6, 0x24E9},
                                     {0x1F130, 0x1F149}, {0x1F150, 0x1F169}, {0x1F170, 0x1F189}};
  return is_in(others, point);
}

bool ends_in_letter(std::string_view text) {
  while (!text.empty()) {
    std::size_t start = text.size() - 1;
    while (is_continuation(text[start])) --start;
    const char32_t point = code_point_at(text, start).value;
    if (!is_case_ignorable(point)) return is_cased(point);
    text = text.substr(0, start);
  }
  return false;
}

bool begins_with_letter(std::string_view text) {
  while (!text.empty()) {
    const CodePoint point = code_point_at(text, 0);
    if (!is_case_ignorable(point.value)) return is_cased(point.value);
    text.remove_prefix(point.length);
  }
  return false;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data()) + at;
  utf8proc_int32_t point = 0;
  const auto length = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size() - at), &point);
  if (length > 0) return {static_cast<char32_t>(point), static_cast<std::size_t>(length), true};
  return {replacement, maximal_subpart(text.substr(at)), false};
}

std::size_t find_invalid(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_ascii(text[at])) {
      ++at;
      continue;
    }
    const CodePoint point = code_point_at(text, at);
    if (!point.is_valid) return at;
    at += point.length;
  }
  return std::string_view::npos;
}

std::string replace_invalid(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    append(point.value, result);
    at += point.length;
  }
  return result;
}

void append_lower(std::string_view text, std::string& result) {
  for (std::size_t at = 0; at < text.size();) {
    const auto run_end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_ascii);
    const std::string_view run = text.substr(at, static_cast<std::size_t>(run_end - text.begin()) - at);
    const std::size_t old_size = result.size();
    result.resize(old_size + run.size());
    std::transform(run.begin(), run.end(), result.begin() + static_cast<std::ptrdiff_t>(old_size),
                   [](char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c); });
    at += run.size();
    if (at == text.size()) break;

    const CodePoint point = code_point_at(text, at);
    if (point.value == capital_sigma) {
      const bool is_final = ends_in_letter(text.substr(0, at)) && !begins_with_letter(text.substr(at + point.length));
      append(is_final ? final_sigma : small_sigma, result);
    } else if (point.value == capital_dotted_i) {
      append(U'i', result);
      append(dot_above, result);
    } else {
      append(static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point.value))), result);
    }
    at += point.length;
  }
}

}  // namespace xeras::text
