#include "text/unicode.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>

namespace xeras::text {
namespace {

utf8proc_category_t category_of(char32_t point) { return utf8proc_category(static_cast<utf8proc_int32_t>(point)); }

// A decomposed code point has at most four; those of Hangul syllables have three.
constexpr std::size_t longest_decomposition = 8;

}  // namespace

bool is_white_space(char32_t point) {
  if (point < 0x80) return point == ' ' || (point >= '\t' && point <= '\r');
  if (point < 0x1680) return point == 0x85 || point == 0xA0;
  return point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x2028 || point == 0x2029 ||
         point == 0x202F || point == 0x205F || point == 0x3000;
}

CharacterClass class_of(char32_t point) {
  switch (category_of(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return CharacterClass::letter;
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
      return CharacterClass::number;
    default:
      return is_white_space(point) ? CharacterClass::space : CharacterClass::other;
  }
}

bool is_control_or_format(char32_t point) {
  const utf8proc_category_t category = category_of(point);
  return category == UTF8PROC_CATEGORY_CC || category == UTF8PROC_CATEGORY_CF || category == UTF8PROC_CATEGORY_CO;
}

bool is_punctuation(char32_t point) {
  if (point < 0x80)
    return point > 0x20 && point < 0x7F && !(point >= '0' && point <= '9') &&
           !((point | 0x20) >= 'a' && (point | 0x20) <= 'z');
  switch (category_of(point)) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
      return true;
    default:
      return false;
  }
}

bool is_nonspacing_mark(char32_t point) { return category_of(point) == UTF8PROC_CATEGORY_MN; }

bool is_cjk_ideograph(char32_t point) {
  return (point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x3400 && point <= 0x4DBF) ||
         (point >= 0x20000 && point <= 0x2A6DF) || (point >= 0x2A700 && point <= 0x2B73F) ||
         (point >= 0x2B740 && point <= 0x2B81F) || (point >= 0x2B820 && point <= 0x2CEAF) ||
         (point >= 0xF900 && point <= 0xFAFF) || (point >= 0x2F800 && point <= 0x2FA1F);
}

char32_t lower_of(char32_t point) {
  return static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(point)));
}

void append_utf8(char32_t point, std::string& text) {
  if (point < 0x80) {
    text += static_cast<char>(point);
    return;
  }
  utf8proc_uint8_t bytes[4];
  const auto length = utf8proc_encode_char(static_cast<utf8proc_int32_t>(point), bytes);
  text.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(length));
}

void decompose(std::vector<char32_t>& points) {
  if (std::all_of(points.begin(), points.end(), [](char32_t point) { return point < 0x80; })) return;
  std::vector<char32_t> result;
  result.reserve(2 * points.size());
  std::array<utf8proc_int32_t, longest_decomposition> parts;
  for (const char32_t point : points) {
    int boundary = 0;
    const auto count =
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(point), parts.data(),
                                static_cast<utf8proc_ssize_t>(parts.size()), UTF8PROC_DECOMPOSE, &boundary);
    if (count < 1 || static_cast<std::size_t>(count) > parts.size()) {
      result.push_back(point);
      continue;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) result.push_back(static_cast<char32_t>(parts[i]));
  }
  // Marks behind one letter are sorted by their combining class; a code point with class 0 stays in its place.
  const auto order = [](char32_t point) {
    return utf8proc_get_property(static_cast<utf8proc_int32_t>(point))->combining_class;
  };
  for (auto first = result.begin(); first != result.end();) {
    if (order(*first) == 0) {
      ++first;
      continue;
    }
    const auto last = std::find_if(first, result.end(), [&](char32_t point) { return order(point) == 0; });
    std::stable_sort(first, last, [&](char32_t a, char32_t b) { return order(a) < order(b); });
    first = last;
  }
  points.swap(result);
}

}  // namespace xeras::text
