#include "text/word_reader.hpp"

#include "catch.hpp"

using namespace xeras::text;

namespace {

using Words = std::vector<std::string>;

Words words_of(WordRules rules, std::string_view text) {
  const WordReader reader(std::move(rules));
  WordMemory memory;
  Words words;
  reader.each_word(text, memory, [&](std::string_view word) {
    words.emplace_back(word);
    return true;
  });
  CHECK(reader.count(text, memory) == words.size());
  return words;
}

const WordRules plain{.lower = false, .strip_punctuation = false};

}  // namespace

TEST_CASE("WordReader lowers, strips and splits bytes of ASCII only") {
  CHECK(words_of({}, " A-b, \tC'd!\n-- \xC3\x89 X\xC2\xA0Y") == Words{"ab", "cd", "\xC3\x89", "x\xC2\xA0y"});
  CHECK(words_of(plain,
                 "A-b\x0B"
                 "c\x1C") == Words{"A-b", "c\x1C"});
  CHECK(words_of({.lower = false}, "A-B") == Words{"AB"});
  CHECK(words_of({.strip_punctuation = false}, "A-B") == Words{"a-b"});
  CHECK(words_of({}, "").empty());
  CHECK(words_of({}, " ... ").empty());
  const std::string nul("a\0b \0", 5);
  CHECK(words_of({}, nul) == Words{std::string("a\0b", 3), std::string(1, '\0')});
}

TEST_CASE("WordReader gives code points, and U+FFFD for invalid bytes") {
  const WordRules characters{.splitting = Splitting::character};
  CHECK(words_of(characters, "A \xC3\xA9!") == Words{"a", " ", "\xC3\xA9"});
  CHECK(words_of(characters, "\xFFz\xE2\x82") == Words{"\xEF\xBF\xBD", "z", "\xEF\xBF\xBD"});
  CHECK(words_of(characters, "\xE2!\x82\xAC") == Words{"\xE2\x82\xAC"});  // stripping comes first
}

TEST_CASE("WordReader joins n-grams, all of one size before those of the next") {
  CHECK(words_of({.ngrams = {1, 2}}, "a b, c") == Words{"a", "b", "c", "a b", "b c"});
  CHECK(words_of({.ngrams = {3, 1}}, "a b") == Words{"a", "b"});
  CHECK(words_of({.ngrams = {2}}, "").empty());
  CHECK(words_of({.splitting = Splitting::character, .ngrams = {2}}, "ab\xFF") == Words{"a b", "b \xEF\xBF\xBD"});
  CHECK(words_of({.splitting = Splitting::none, .ngrams = {1, 2}}, "A b") == Words{"a b"});
}

TEST_CASE("WordReader stops when it is told") {
  const WordReader reader({});
  WordMemory memory;
  int words = 0;
  reader.each_word("a b c d", memory, [&](std::string_view) { return ++words < 2; });
  CHECK(words == 2);
}

TEST_CASE("WordReader reads a text that is longer than the memory of a thread") {
  std::string text(5'000'000, 'A');
  text[4'000'000] = ' ';
  const Words words = words_of({}, text);
  REQUIRE(words.size() == 2);
  CHECK(words[0] == std::string(4'000'000, 'a'));
  CHECK(words[1].size() == 999'999);
  CHECK(words_of({.ngrams = {2}}, text) == Words{words[0] + ' ' + words[1]});
  CHECK(words_of({.splitting = Splitting::character, .ngrams = {2}}, std::string(400'000, '\xFF')).size() == 399'999);
}
