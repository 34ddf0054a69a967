#include "text/token_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

TokenTable::TokenTable(const std::string& who, const std::vector<std::pair<std::string, int>>& tokens) {
  if (tokens.empty()) {
    throw InvalidArgument(who + ": the vocabulary is empty; expected at least one token. Was the right file read?");
  }
  by_id_.reserve(tokens.size());
  for (const auto& [token, id] : tokens) {
    if (id < 0) {
      throw InvalidArgument(fmt::format("{}: the token \"{}\" has id {}; expected 0 or more. Number the tokens from 0.",
                                        who, shown(token), id));
    }
    if (find_invalid(token) != std::string::npos) {
      throw InvalidArgument(
          fmt::format("{}: the token with id {} is not UTF-8; expected valid UTF-8. Convert the vocabulary.", who, id));
    }
    const std::size_t position = ids_.add(token);
    if (position != by_id_.size()) {
      throw InvalidArgument(
          fmt::format("{}: the token \"{}\" has ids {} and {}; expected each token once. Remove one of them.", who,
                      shown(token), ids_.entry(position).second, id));
    }
    ids_.value(position) = id;
    by_id_.emplace_back(id, position);
  }
  std::sort(by_id_.begin(), by_id_.end());
  const auto twice = std::adjacent_find(by_id_.begin(), by_id_.end(),
                                        [](const auto& one, const auto& other) { return one.first == other.first; });
  if (twice != by_id_.end()) {
    throw InvalidArgument(fmt::format(
        "{}: the tokens \"{}\" and \"{}\" have the same id, {}; expected an id for each. Renumber them.", who,
        shown(ids_.entry(twice[0].second).first), shown(ids_.entry(twice[1].second).first), twice->first));
  }
}

const std::string* TokenTable::token_of(std::int64_t id) const {
  // Without gaps, an id is its own position.
  const auto guess = static_cast<std::size_t>(id);
  if (id >= 0 && guess < by_id_.size() && by_id_[guess].first == id) return &ids_.entry(by_id_[guess].second).first;
  const auto found = std::lower_bound(by_id_.begin(), by_id_.end(), id,
                                      [](const auto& entry, std::int64_t wanted) { return entry.first < wanted; });
  return found != by_id_.end() && found->first == id ? &ids_.entry(found->second).first : nullptr;
}

std::vector<std::string> TokenTable::in_order() const {
  std::vector<std::string> result;
  result.reserve(by_id_.size());
  for (const auto& [id, position] : by_id_) result.push_back(ids_.entry(position).first);
  return result;
}

}  // namespace xeras::text
