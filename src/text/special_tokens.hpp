#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "text/token_table.hpp"

namespace xeras::text {

/// Finds tokens such as "<|endoftext|>" in texts: the leftmost first, of several the longest.
class SpecialTokens {
 public:
  /// `who` and the name of the option begin the messages. Throws InvalidArgument for empty tokens and for tokens that
  /// the vocabulary lacks.
  SpecialTokens(const std::string& who, const char* option, const std::vector<std::string>& tokens,
                const TokenTable& table);

  /// Calls text(part) for each part between special tokens, unless it is empty, and special(id) for each of these.
  template <class Text, class Special>
  void split(std::string_view text, const Text& on_text, const Special& on_special) const {
    std::size_t done = 0;
    if (!tokens_.empty()) {
      for (std::size_t at = 0; at < text.size();) {
        const Entry* found = begins_[static_cast<unsigned char>(text[at])] ? find(text.substr(at)) : nullptr;
        if (found == nullptr) {
          ++at;
          continue;
        }
        if (at > done) on_text(text.substr(done, at - done));
        on_special(found->second);
        done = at += found->first.size();
      }
    }
    if (done < text.size()) on_text(text.substr(done));
  }

 private:
  using Entry = std::pair<std::string, int>;
  const Entry* find(std::string_view text) const;

  std::vector<Entry> tokens_;       // the longest first
  std::array<bool, 256> begins_{};  // by the first byte
};

}  // namespace xeras::text
