#include "text/piece_normalizer.hpp"

#include "text/utf8.hpp"

namespace xeras::text {

PieceNormalizer::PieceNormalizer(const PieceProto& proto, const Trie& user_defined)
    : charsmap_(proto.charsmap),
      user_defined_(user_defined),
      has_suffix_(proto.treat_whitespace_as_suffix && proto.add_dummy_prefix),
      has_prefix_(!proto.treat_whitespace_as_suffix && proto.add_dummy_prefix),
      removes_extra_(proto.remove_extra_whitespaces),
      escapes_(proto.escape_whitespaces) {
  for (unsigned c = 0; c < is_plain_.size(); ++c) {
    is_plain_[c] = c != ' ' && charsmap_.is_plain(static_cast<unsigned char>(c)) &&
                   !user_defined_.has_word_with(static_cast<unsigned char>(c));
  }
}

// Returns what the beginning of a text becomes.
Charsmap::Match PieceNormalizer::prefix(std::string_view text) const {
  const std::size_t kept = user_defined_.longest_prefix(text);
  if (kept > 0) return {kept, text.substr(0, kept)};
  const Charsmap::Match match = charsmap_.longest(text);
  if (match.length > 0) return match;
  const std::size_t length = code_point_at(text, 0).length;
  return {length, text.substr(0, length)};
}

void PieceNormalizer::normalize(std::string_view text, std::string& result) const {
  result.clear();
  while (removes_extra_ && !text.empty()) {
    const Charsmap::Match first = prefix(text);
    if (first.replacement != " ") break;
    text.remove_prefix(first.length);
  }
  if (text.empty()) return;
  const std::string_view space = escapes_ ? space_symbol : std::string_view(" ");
  if (has_prefix_) result += space;
  bool follows_space = removes_extra_;
  while (!text.empty()) {
    // A run of plain ASCII, without the character before one beyond ASCII, which may belong to a rule.
    std::size_t run = 0;
    while (run < text.size() && static_cast<unsigned char>(text[run]) < 0x80 &&
           is_plain_[static_cast<unsigned char>(text[run])]) {
      ++run;
    }
    if (run < text.size() && run > 0 && static_cast<unsigned char>(text[run]) >= 0x80) --run;
    if (run > 0) {
      result += text.substr(0, run);
      text.remove_prefix(run);
      follows_space = false;
      continue;
    }
    const Charsmap::Match match = prefix(text);
    std::string_view part = match.replacement;
    while (follows_space && part.starts_with(' ')) part.remove_prefix(1);
    for (const char c : part) {
      if (c == ' ') {
        result += space;
      } else {
        result += c;
      }
    }
    if (!part.empty()) follows_space = removes_extra_ && part.ends_with(' ');
    text.remove_prefix(match.length);
  }
  while (removes_extra_ && result.ends_with(space)) result.resize(result.size() - space.size());
  if (has_suffix_) result += space;
}

}  // namespace xeras::text
