#include "xeras/text/subword_tokenizer.hpp"

#include <thread>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "support/threads.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/byte_pair_tokenizer.hpp"
#include "xeras/text/word_piece_tokenizer.hpp"

using namespace xeras;
using namespace xeras::text;
using Sequences = std::vector<std::vector<int>>;
using Texts = std::vector<std::string>;

namespace {

WordPieceTokenizer letters() {
  Texts tokens{"[UNK]"};
  for (char c = 'a'; c <= 'z'; ++c) {
    tokens.push_back({c});
    tokens.push_back(std::string("##") + c);
  }
  return WordPieceTokenizer(tokens);
}

// Many texts of distinct words: more than a cache holds.
Texts many_texts() {
  Texts texts(3000);
  std::uint32_t state = 1;
  for (std::string& text : texts) {
    for (int word = 0; word < 20; ++word) {
      for (int i = 0; i < 5; ++i) {
        state = state * 1664525 + 1013904223;
        text += static_cast<char>('a' + state % 23);
      }
      text += ' ';
    }
  }
  return texts;
}

}  // namespace

TEST_CASE("SubwordTokenizer gives the same ids with any number of threads and any cache") {
  const WordPieceTokenizer tokenizer = letters();
  const Texts texts = many_texts();
  Sequences expected;
  for (const std::string& text : texts) expected.push_back(letters().tokenize(text.substr(0, 60)));
  Texts starts;
  for (const std::string& text : texts) starts.push_back(text.substr(0, 60));
  for (const int threads : {1, 2, 4}) {
    const testing::Threads limit(threads);
    CHECK(tokenizer.tokenize(starts) == expected);
    CHECK(tokenizer.tokenize(texts).size() == texts.size());
  }
}

TEST_CASE("SubwordTokenizer works in several threads at once") {
  const WordPieceTokenizer tokenizer = letters();
  const Texts texts = many_texts();
  const Sequences expected = tokenizer.tokenize(texts);
  std::vector<std::thread> threads;
  std::vector<int> is_equal(4);
  for (int& one : is_equal) {
    threads.emplace_back([&] { one = tokenizer.tokenize(texts) == expected ? 1 : 0; });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(is_equal == std::vector<int>{1, 1, 1, 1});
}

TEST_CASE("SubwordTokenizer allocates nothing once it knows the words") {
  const WordPieceTokenizer tokenizer = letters();
  const Texts texts{"some words of a text", "and more words, with ugly ones: caf\u00e9"};
  const testing::Threads limit(1);
  Sequences result;
  tokenizer.tokenize(texts, result);
  const testing::AllocationCounter counter;
  tokenizer.tokenize(texts, result);
  CHECK(counter.count() == 0);
}

TEST_CASE("SubwordTokenizer names the first wrong text with any number of threads") {
  const WordPieceTokenizer tokenizer = letters();
  Texts texts = many_texts();
  texts[700] = texts[2900] = "\xff";
  for (const int threads : {1, 2, 4}) {
    const testing::Threads limit(threads);
    CHECK(
        message_of<InvalidInput>([&] { tokenizer.tokenize(texts); }) ==
        "WordPieceTokenizer: text 700 is not UTF-8 at byte 0 (0xFF); expected valid UTF-8. Convert it, or set errors = "
        "\"replace\".");
  }
}

TEST_CASE("SubwordTokenizer copies share a vocabulary, and a moved one remains usable") {
  WordPieceTokenizer first = letters();
  const SubwordTokenizer copy = first;
  const WordPieceTokenizer second = std::move(first);
  CHECK(copy.tokenize("ab") == second.tokenize("ab"));
  CHECK(first.tokenize("ab") == second.tokenize("ab"));
}
