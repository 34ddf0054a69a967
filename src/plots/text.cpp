#include "plots/text.hpp"

#include <algorithm>
#include <array>

#include "text/utf8.hpp"

namespace xeras::plots {
namespace {

constexpr std::string_view ellipsis = "…";

struct Range {
  char32_t first, last;
};

template <std::size_t count>
bool is_in(const std::array<Range, count>& ranges, char32_t point) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [&](const Range& range) { return point >= range.first && point <= range.last; });
}

// Returns the width of a character in ems.
double ems(char32_t point) {
  constexpr std::string_view narrow = "!'()*,-./:;I[]`fijlrt{|} ", wide = "%@MWmw";
  // Marks on the letter before, joiners, direction marks, and forms of the letter before.
  constexpr std::array<Range, 4> without{{{0x300, 0x36F}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0xFE00, 0xFE0F}}};
  // Chinese, Japanese and Korean; emoji.
  constexpr std::array<Range, 7> full{{{0x1100, 0x115F},
                                       {0x2E80, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0x1F000, 0x3FFFD}}};
  if (point < 0x80) {
    const char letter = static_cast<char>(point);
    if (narrow.find(letter) != narrow.npos) return 0.4;
    if (wide.find(letter) != wide.npos) return 0.95;
    return letter >= 'A' && letter <= 'Z' ? 0.72 : 0.63;
  }
  if (is_in(without, point)) return 0.0;
  return is_in(full, point) ? 1.2 : 0.65;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text::replace_invalid(text)) {
    const auto byte = static_cast<unsigned char>(c);
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += byte < 0x20 || byte == 0x7F ? ' ' : c;
    }
    // XML has no U+FFFE and U+FFFF.
    if (result.ends_with("\xEF\xBF\xBE") || result.ends_with("\xEF\xBF\xBF")) result.back() = '\xBD';
  }
  return result;
}

double width_of(std::string_view text, double size) {
  double sum = 0.0;
  for (std::size_t at = 0; at < text.size();) {
    const text::CodePoint point = text::code_point_at(text, at);
    sum += ems(point.value);
    at += point.length;
  }
  return sum * size;
}

std::string shortened(std::string_view text, double size, double width) {
  constexpr double rounding = 1e-6;
  const double room = width / size + rounding, with_ellipsis = room - ems(U'…');
  double sum = 0.0;
  std::size_t fits = 0;  // bytes before the ellipsis
  for (std::size_t at = 0; at < text.size();) {
    const text::CodePoint point = text::code_point_at(text, at);
    sum += ems(point.value);
    if (sum > room) return std::string(text.substr(0, fits)).append(ellipsis);
    at += point.length;
    if (sum <= with_ellipsis) fits = at;
  }
  return std::string(text);
}

}  // namespace xeras::plots
