#pragma once

#include <array>
#include <string>
#include <string_view>

#include "text/charsmap.hpp"
#include "text/piece_proto.hpp"
#include "text/trie.hpp"

namespace xeras::text {

/// The character that SentencePiece writes for a space.
inline constexpr std::string_view space_symbol = "\u2581";

/// Brings a text into the form that the pieces of a SentencePiece model have.
class PieceNormalizer {
 public:
  /// User defined symbols stay as they are. The symbols must live as long as this object.
  PieceNormalizer(const PieceProto& proto, const Trie& user_defined);

  /// Replaces `result` by the form of a text, which is UTF-8.
  void normalize(std::string_view text, std::string& result) const;

 private:
  Charsmap::Match prefix(std::string_view text) const;

  Charsmap charsmap_;
  const Trie& user_defined_;
  std::array<bool, 128> is_plain_{};  // stays as it is before ASCII and at the end
  bool has_suffix_, has_prefix_, removes_extra_, escapes_;
};

}  // namespace xeras::text
