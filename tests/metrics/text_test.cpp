#include "xeras/metrics/text.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

using Texts = std::vector<std::string>;
constexpr double near = 1e-6;

}  // namespace

TEST_CASE("Bleu compares n-grams with the best reference", "[metrics]") {
  Bleu bleu({.max_order = 2});
  CHECK(bleu.result() == 0.0);
  bleu.update_state({{"a b c d", "x"}}, {"a b x"});
  // 3 of 3 words, 1 of 2 pairs; the shortest reference is shorter than the text
  CHECK_THAT(bleu.result(), WithinAbs(0.7071068, near));
  bleu.update_state({{"q r s t u"}}, {"q r"});  // 5 of 5, 2 of 3; 5 words for 6
  CHECK_THAT(bleu.result(), WithinAbs(std::exp(1.0 - 6.0 / 5.0) * std::sqrt(2.0 / 3.0), near));
  bleu.reset_state();
  CHECK(bleu.result() == 0.0);
  bleu.update_state({{"a"}}, {""});
  CHECK(bleu.result() == 0.0);
  CHECK(bleu.name() == "bleu");
  CHECK(bleu.get_config().to_string() == R"({"max_order": 2, "smooth": false, "name": "bleu"})");
}

TEST_CASE("Bleu takes a tokenizer", "[metrics]") {
  const auto letters = [](const std::string& text) {
    Texts result;
    for (const char c : text) result.emplace_back(1, c);
    return result;
  };
  BLEU bleu({.tokenizer = letters, .max_order = 1});
  bleu.update_state({{"abc"}}, {"abd"});
  CHECK_THAT(bleu.result(), WithinAbs(2.0 / 3.0, near));
}

TEST_CASE("Rouge metrics compare words in lower case", "[metrics]") {
  RougeL longest;
  CHECK(longest.result().f1_score == 0.0);
  longest.update_state({"The cat, sat!"}, {"the sat cat on"});
  CHECK_THAT(longest.result().precision, WithinAbs(0.5, near));
  CHECK_THAT(longest.result().recall, WithinAbs(2.0 / 3.0, near));
  CHECK_THAT(longest.result().f1_score, WithinAbs(4.0 / 7.0, near));
  longest.update_state({"a"}, {""});
  CHECK_THAT(longest.result().precision, WithinAbs(0.25, near));
  longest.reset_state();
  CHECK(longest.result().recall == 0.0);
  RougeN pairs({.order = 2});
  pairs.update_state({"a b c"}, {"a b a b"});
  CHECK_THAT(pairs.result().precision, WithinAbs(1.0 / 3.0, near));
  CHECK_THAT(pairs.result().recall, WithinAbs(0.5, near));
  RougeN one({.order = 1});
  one.update_state({"\xE2\x84\xAA 1", "\xC4\xB0x"}, {"K", "i x"});  // the Kelvin sign; I with a dot
  CHECK_THAT(one.result().precision, WithinAbs(1.0, near));
}

TEST_CASE("EditDistance counts changes of tokens", "[metrics]") {
  EditDistance distance;
  CHECK(distance.result() == 0.0);
  distance.update_state({{"the", "cat", "was", "found"}}, {{"the", "cat", "is", "found"}});
  CHECK(distance.result() == 0.25);
  distance.update_state({{1, 2, 3, 4}, {5}}, {{1, 2, 4}, {5}});
  CHECK_THAT(distance.result(), WithinAbs(2.0 / 9.0, near));
  distance.reset_state();
  CHECK(distance.result() == 0.0);
  EditDistance plain({.normalize = false});
  plain.update_state({{1, 2, 3}, {4}}, {{1}, {4}});
  CHECK(plain.result() == 1.0);
  plain.update_state(std::vector<Texts>{{"a"}}, std::vector<Texts>{{}});
  CHECK(plain.result() == 1.0);
}

TEST_CASE("Metrics of texts refuse what does not fit", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { Bleu({.max_order = 0}); }) ==
        "bleu: max_order is 0; expected a positive integer.");
  CHECK(message_of<InvalidArgument>([] { RougeN({.order = 10}); }) == "rouge-n: order is 10; expected 1 to 9.");
  CHECK(message_of<InvalidInput>([] {
          Bleu().update_state({{"a"}}, {"a", "b"});
        }) == "bleu: y_true has 1 entries and y_pred 2; expected one of each for a pair.");
  CHECK(message_of<InvalidInput>([] { Bleu().update_state({Texts()}, {"a"}); }) ==
        "bleu: y_true has no references at 0; expected one or more for each text.");
  CHECK(message_of<InvalidInput>([] { RougeL().update_state({"a"}, Texts()); }) ==
        "RougeL: y_true has 1 entries and y_pred 0; expected one of each for a pair.");
  CHECK(message_of<InvalidInput>([] { EditDistance().update_state({{"a"}}, {{1}}); }) ==
        "edit_distance: y_true has strings and y_pred ids; expected the same kind of tokens.");
}
