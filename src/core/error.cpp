#include "xeras/core/error.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <utility>

#include "core/keras_names.hpp"
#include "core/shown.hpp"

namespace xeras {
namespace {

// Returns the Levenshtein distance, computed row by row. Case does not count, since "ReLU" for "relu" is the most
// common typo.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substitute = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substitute});
    }
  }
  return row.back();
}

const std::string* nearest_of(const std::vector<std::string>& known, std::string_view name) {
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : known) {
    // A larger difference in length means a larger distance. Skipping such names also avoids slow comparisons with huge
    // ones.
    const std::size_t shorter = std::min(candidate.size(), name.size());
    if (std::max(candidate.size(), name.size()) - shorter >= least) continue;
    const std::size_t distance = edit_distance(candidate, name);
    if (distance < least) {
      least = distance;
      nearest = &candidate;
    }
  }
  return nearest;
}

}  // namespace

std::string unknown_name(std::string_view kind, std::string_view name, std::vector<std::string> known) {
  std::sort(known.begin(), known.end());
  const bool is_missing = is_missing_keras_name(kind, name);
  std::string message =
      fmt::format("{} \"{}\" {}; ", kind, shown(name), is_missing ? "exists in Keras, but not here yet" : "is unknown");
  const std::string* const nearest = is_missing ? nullptr : nearest_of(known, name);
  if (nearest != nullptr) {
    message += fmt::format("did you mean \"{}\"? ", *nearest);
  } else {
    message += "expected one of the known names. ";
  }
  if (known.empty()) return fmt::format("{} \"{}\" is unknown; there are none.", kind, shown(name));
  std::transform(known.begin(), known.end(), known.begin(), [](const std::string& each) { return shown(each); });
  return message + fmt::format("Known: {}.", fmt::join(known, ", "));
}

}  // namespace xeras
