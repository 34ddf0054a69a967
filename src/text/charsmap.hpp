#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::text {

/// The replacements of characters in a SentencePiece model: a double array in the form of Darts-clone, whose values are
/// places in a string of texts that end with NUL. It may come from an untrusted file.
class Charsmap {
 public:
  /// Takes precompiled_charsmap; an empty one replaces nothing. Throws FileError for an invalid one.
  explicit Charsmap(std::string_view precompiled);

  struct Match {
    std::size_t length = 0;  ///< 0 means that nothing is replaced
    std::string_view replacement;
  };
  /// Returns the longest rule that applies at the beginning of a text.
  Match longest(std::string_view text) const;
  /// True when no rule begins with this ASCII character, unless a byte beyond ASCII follows it.
  bool is_plain(unsigned char character) const { return is_plain_[character]; }

 private:
  bool step(std::size_t& node, unsigned char byte, bool& has_value) const;

  std::vector<std::uint32_t> units_;
  std::string texts_;
  std::array<bool, 128> is_plain_{};
};

}  // namespace xeras::text
