#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "xeras/core/export.hpp"

// The results of Vectors::coverage and Vectors::evaluate_word_analogies, which print as text.
namespace xeras::text {

/// The words of a vocabulary that have a pretrained vector.
///
///   std::cout << glove.coverage(tokenizer.word_counts());
///   // 4 of 5 words (80.0%) have a vector, which are 95.2% of the texts. Missing: "tezguino".
struct XERAS_API Coverage {
  std::int64_t found = 0;          ///< words with a vector
  std::int64_t from_subwords = 0;  ///< those of them whose vector comes from n-grams
  std::int64_t missing = 0;
  double share = 0;                             ///< found / (found + missing); 0 without words
  std::optional<double> share_of_texts = {};    ///< the same, each word as often as it occurs
  std::vector<std::string> missing_words = {};  ///< all of them, the most frequent first

  std::string to_string() const;
};
XERAS_API std::ostream& operator<<(std::ostream& out, const Coverage& coverage);

struct AnalogySection {
  std::string name = {};
  std::int64_t correct = 0;
  std::int64_t incorrect = 0;

  /// correct / (correct + incorrect); 0 without questions.
  double accuracy() const { return correct + incorrect == 0 ? 0.0 : double(correct) / double(correct + incorrect); }
};

/// The answers to a file of analogies.
struct XERAS_API AnalogyScores {
  std::vector<AnalogySection> sections = {};
  AnalogySection total = {.name = "Total accuracy"};
  std::int64_t skipped = 0;  ///< questions with words that have no vector

  /// Returns a line per section.
  std::string to_string() const;
};
XERAS_API std::ostream& operator<<(std::ostream& out, const AnalogyScores& scores);

}  // namespace xeras::text
