#include "xeras/text/vectors_reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "core/shown.hpp"

namespace xeras::text {
namespace {

constexpr std::size_t most_shown = 10;

std::string line_of(const AnalogySection& section) {
  return fmt::format("{}: {:.1f}% ({} of {})\n", section.name, 100.0 * section.accuracy(), section.correct,
                     section.correct + section.incorrect);
}

}  // namespace

std::string Coverage::to_string() const {
  std::string text = fmt::format("{} of {} words ({:.1f}%) have a vector", found, found + missing, 100.0 * share);
  if (from_subwords > 0) text += fmt::format(", {} of them from n-grams", from_subwords);
  if (share_of_texts) text += fmt::format(", which are {:.1f}% of the texts", 100.0 * *share_of_texts);
  text += ".";
  if (missing_words.empty()) return text;
  text += missing_words.size() > most_shown ? " The first missing: " : " Missing: ";
  for (std::size_t i = 0; i < std::min(missing_words.size(), most_shown); ++i) {
    text += fmt::format("{}\"{}\"", i == 0 ? "" : ", ", shown(missing_words[i]));
  }
  return text + ".";
}

std::ostream& operator<<(std::ostream& out, const Coverage& coverage) { return out << coverage.to_string() << '\n'; }

std::string AnalogyScores::to_string() const {
  std::string text;
  for (const AnalogySection& section : sections) text += line_of(section);
  text += line_of(total);
  if (skipped > 0) text += fmt::format("{} questions have words without a vector and were skipped.\n", skipped);
  return text;
}

std::ostream& operator<<(std::ostream& out, const AnalogyScores& scores) { return out << scores.to_string(); }

}  // namespace xeras::text
