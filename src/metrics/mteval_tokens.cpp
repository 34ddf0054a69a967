#include "metrics/mteval_tokens.hpp"

#include <string_view>

namespace xeras::metrics {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_point(char c) { return c == '.' || c == ','; }

// Punctuation that is always a token: all of ASCII but ' , - and the period.
bool is_separate(char c) {
  return (c >= '{' && c <= '~') || (c >= '[' && c <= '`') || (c >= ' ' && c <= '&') || (c >= '(' && c <= '+') ||
         (c >= ':' && c <= '@') || c == '/';
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

// Puts spaces into each pair of characters, from left to right; pairs do not overlap.
template <class IsPair>
std::string space_pairs(const std::string& text, IsPair is_pair, const char* before, const char* after) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i + 1 == text.size() || !is_pair(text[i], text[i + 1])) {
      result += text[i];
      continue;
    }
    result += before;
    result += text[i];
    result += ' ';
    result += text[++i];
    result += after;
  }
  return result;
}

}  // namespace

std::vector<std::string> mteval_tokens(const std::string& text) {
  std::string plain = text;
  replace_all(plain, "<skipped>", "");
  replace_all(plain, "-\n", "");
  replace_all(plain, "\n", " ");
  replace_all(plain, "&quot;", "\"");
  replace_all(plain, "&amp;", "&");
  replace_all(plain, "&lt;", "<");
  replace_all(plain, "&gt;", ">");
  std::string spaced;
  for (const char c : plain) {
    if (is_separate(c)) spaced += ' ';
    spaced += c;
    if (is_separate(c)) spaced += ' ';
  }
  spaced = space_pairs(
      spaced, [](char a, char b) { return !is_digit(a) && is_point(b); }, "", " ");
  spaced = space_pairs(
      spaced, [](char a, char b) { return is_point(a) && !is_digit(b); }, " ", "");
  spaced = space_pairs(
      spaced, [](char a, char b) { return is_digit(a) && b == '-'; }, "", " ");
  std::vector<std::string> tokens(1);
  for (const char c : spaced) {
    const bool is_space = c == ' ' || (c >= '\t' && c <= '\r');
    if (!is_space) {
      tokens.back() += c;
    } else if (!tokens.back().empty()) {
      tokens.emplace_back();
    }
  }
  if (tokens.back().empty()) tokens.pop_back();
  return tokens;
}

}  // namespace xeras::metrics
