#include "text/vectors_collector.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {

VectorsCollector::VectorsCollector(const VectorsOptions& options)
    : wanted_(options.words.begin(), options.words.end()),
      replaces_invalid_(options.errors == "replace"),
      takes_first_(options.duplicates == "first") {
  if (!replaces_invalid_ && options.errors != "strict") {
    throw InvalidArgument("Vectors: " + unknown_name("errors", options.errors, {"strict", "replace"}));
  }
  if (!takes_first_ && options.duplicates != "error") {
    throw InvalidArgument("Vectors: " + unknown_name("duplicates", options.duplicates, {"error", "first"}));
  }
  if (options.limit) {
    const std::int64_t limit = *options.limit;
    if (limit <= 0) {
      throw InvalidArgument(
          fmt::format("Vectors: limit is {}; expected a positive integer. Leave it out to read all words.", limit));
    }
    limit_ = static_cast<std::size_t>(limit);
  }
  wants_spaces_ = std::any_of(wanted_.begin(), wanted_.end(),
                              [](const std::string& word) { return word.find_first_of(" \t") != word.npos; });
}

void VectorsCollector::start(std::size_t dim, std::size_t most_words) {
  dim_ = dim;
  if (limit_) most_words = std::min(most_words, *limit_);
  if (is_selective()) most_words = std::min(most_words, wanted_.size());
  values.reserve(most_words * dim);
}

bool VectorsCollector::wants(std::string_view word) const {
  if (!is_selective()) return true;
  std::string replaced;
  if (replaces_invalid_) prepare(word, replaced);
  return wanted_.contains(replaced.empty() ? std::string(word) : replaced);
}

// Returns false for a word that is not UTF-8; `replaced` becomes its replacement if the options ask for that.
bool VectorsCollector::prepare(std::string_view word, std::string& replaced) const {
  if (find_invalid(word) == std::string_view::npos) return true;
  if (replaces_invalid_) replaced = replace_invalid(word);
  return replaces_invalid_;
}

void VectorsCollector::throw_invalid(const VectorsFile& file, const std::string& place, std::string_view word) {
  const std::size_t at = find_invalid(word);
  file.fail(
      fmt::format("{}: the word \"{}\" is not UTF-8 at its byte {} (0x{:02X}); expected valid UTF-8. Convert the file, "
                  "or set errors = \"replace\".",
                  place, shown(replace_invalid(word)), at, static_cast<unsigned char>(word[at])));
}

void VectorsCollector::throw_duplicate(const VectorsFile& file, const std::string& place, const std::string& word,
                                       std::size_t row) {
  file.fail(
      fmt::format("{}: the word \"{}\" is already in row {}; expected each word once. Correct the file, or set "
                  "duplicates = \"first\".",
                  place, shown(word), row));
}

}  // namespace xeras::text
