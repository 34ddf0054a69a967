#include "text/trie.hpp"

#include "catch.hpp"

using namespace xeras::text;

TEST_CASE("Trie finds each word that begins a text, the shortest first") {
  const Trie trie({{"ab", 5}, {"a", 1}, {"abcd", 7}, {"b", 2}, {"\u65e5", 3}});
  const auto found = [&](std::string_view text) {
    std::vector<std::pair<std::size_t, int>> result;
    trie.each_prefix(text, [&](std::size_t length, int value) { result.emplace_back(length, value); });
    return result;
  };
  using Found = std::vector<std::pair<std::size_t, int>>;
  CHECK(found("abcx") == Found{{1, 1}, {2, 5}});
  CHECK(found("abcd") == Found{{1, 1}, {2, 5}, {4, 7}});
  CHECK(found("\u65e5x") == Found{{3, 3}});
  CHECK(found("\xe6") == Found{});
  CHECK(found("x") == Found{});
  CHECK(found("") == Found{});
  CHECK(trie.longest_prefix("abc") == 2);
  CHECK(trie.has_word_with('b'));
  CHECK(!trie.has_word_with('c'));
  CHECK(Trie({}).longest_prefix("a") == 0);
}
