#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xeras/text/word_map.hpp"

namespace xeras::text {

/// A vocabulary: the tokens and their ids, which are distinct and not negative, but may have gaps.
class TokenTable {
 public:
  /// `who` begins the messages. Throws InvalidArgument for no tokens, repeated ones, tokens that are not UTF-8, and
  /// repeated or negative ids.
  TokenTable(const std::string& who, const std::vector<std::pair<std::string, int>>& tokens);

  std::optional<int> find(std::string_view token) const {
    const auto found = ids_.find(token);
    return found == ids_.end() ? std::nullopt : std::optional<int>(found->second);
  }
  /// Returns the token of an id, or null.
  const std::string* token_of(std::int64_t id) const;
  std::size_t size() const { return ids_.size(); }
  int largest_id() const { return by_id_.back().first; }
  /// Pairs of token and id, as given.
  const WordMap<int>& tokens() const { return ids_; }
  /// Returns the tokens in the order of their ids.
  std::vector<std::string> in_order() const;

 private:
  WordMap<int> ids_;
  std::vector<std::pair<int, std::size_t>> by_id_;  // id and position in ids_, sorted
};

}  // namespace xeras::text
