#include "text/word_cache.hpp"

#include <string>

#include "catch.hpp"

using namespace xeras::text;

TEST_CASE("WordCache remembers words, but not long ones") {
  WordCache cache;
  std::vector<int> ids;
  int calls = 0;
  const auto append = [&](const std::string& word, std::vector<int> made) {
    cache.append(word, ids, [&] {
      ++calls;
      ids.insert(ids.end(), made.begin(), made.end());
    });
  };
  append("a", {1, 2});
  append("b", {});
  append("a", {9});
  append("b", {9});
  CHECK(ids == std::vector<int>{1, 2, 1, 2});
  CHECK(calls == 2);
  append(std::string(WordCache::longest_word + 1, 'x'), {5});
  append(std::string(WordCache::longest_word + 1, 'x'), {6});
  CHECK(calls == 4);
  CHECK(cache.size() == 2);
}

TEST_CASE("WordCache forgets everything when it is full, and stays right") {
  WordCache cache;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < static_cast<int>(WordCache::most_words) + 100; ++i) {
      std::vector<int> ids{-1};
      cache.append(std::to_string(i), ids, [&] { ids.push_back(i); });
      REQUIRE(ids == std::vector<int>{-1, i});
    }
    CHECK(cache.size() <= WordCache::most_words);
  }
}
