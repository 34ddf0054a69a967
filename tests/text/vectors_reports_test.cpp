#include "xeras/text/vectors_reports.hpp"

#include <sstream>

#include "catch.hpp"

using namespace xeras;

TEST_CASE("Coverage prints counts, shares and the first missing words") {
  text::Coverage coverage{.found = 4, .missing = 1, .share = 0.8, .missing_words = {"gin"}};
  CHECK(coverage.to_string() == "4 of 5 words (80.0%) have a vector. Missing: \"gin\".");
  coverage.from_subwords = 2;
  coverage.share_of_texts = 0.9523;
  std::ostringstream out;
  out << coverage;
  CHECK(
      out.str() ==
      "4 of 5 words (80.0%) have a vector, 2 of them from n-grams, which are 95.2% of the texts. Missing: \"gin\".\n");
  coverage.missing_words.assign(11, "w");
  CHECK(
      coverage.to_string().ends_with(" The first missing: \"w\", \"w\", \"w\", \"w\", \"w\", \"w\", \"w\", \"w\", "
                                     "\"w\", \"w\"."));
  CHECK(text::Coverage{}.to_string() == "0 of 0 words (0.0%) have a vector.");
}

TEST_CASE("AnalogyScores prints a line per section") {
  text::AnalogyScores scores{.sections = {{"family", 3, 1}, {"empty"}}, .skipped = 2};
  scores.total.correct = 3;
  scores.total.incorrect = 1;
  CHECK(scores.to_string() ==
        "family: 75.0% (3 of 4)\nempty: 0.0% (0 of 0)\nTotal accuracy: 75.0% (3 of 4)\n"
        "2 questions have words without a vector and were skipped.\n");
}
