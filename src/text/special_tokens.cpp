#include "text/special_tokens.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

SpecialTokens::SpecialTokens(const std::string& who, const char* option, const std::vector<std::string>& tokens,
                             const TokenTable& table) {
  for (const std::string& token : tokens) {
    const std::optional<int> id = table.find(token);
    if (token.empty() || !id) {
      throw InvalidArgument(
          fmt::format("{}: {} has \"{}\", which the vocabulary lacks; expected tokens of the vocabulary. Add it there.",
                      who, option, shown(token)));
    }
    tokens_.emplace_back(token, *id);
    begins_[static_cast<unsigned char>(token[0])] = true;
  }
  std::stable_sort(tokens_.begin(), tokens_.end(),
                   [](const Entry& a, const Entry& b) { return a.first.size() > b.first.size(); });
}

const SpecialTokens::Entry* SpecialTokens::find(std::string_view text) const {
  const auto found =
      std::find_if(tokens_.begin(), tokens_.end(), [&](const Entry& entry) { return text.starts_with(entry.first); });
  return found == tokens_.end() ? nullptr : &*found;
}

}  // namespace xeras::text
