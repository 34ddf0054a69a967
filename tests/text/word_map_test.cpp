#include "xeras/text/word_map.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::WordMap;

TEST_CASE("WordMap keeps words in the order in which they were added") {
  WordMap<int> map;
  CHECK(map.empty());
  CHECK_FALSE(map.contains("b"));
  CHECK(map.add("b") == 0);
  CHECK(map.add("a") == 1);
  CHECK(map.add("b") == 0);
  map.value(0) = 7;
  std::string seen;
  for (const auto& [word, value] : map) seen += word + "=" + std::to_string(value) + " ";
  CHECK(seen == "b=7 a=0 ");
  CHECK(map.size() == 2);
  CHECK(map["b"] == 7);
  CHECK(map.at("a") == 0);
  CHECK(map.count("a") == 1);
  CHECK(map.find("c") == map.end());
  CHECK(map.find("a")->second == 0);
}

TEST_CASE("WordMap finds every one of many words, in a copy as well") {
  constexpr std::size_t many = 5000;
  WordMap<std::size_t> map;
  for (std::size_t i = 0; i < many; ++i) map.value(map.add(std::to_string(i * i))) = i;
  const WordMap<std::size_t> copy = map;
  map = {};
  CHECK_FALSE(map.contains("0"));
  for (std::size_t i = 0; i < many; ++i) REQUIRE(copy.at(std::to_string(i * i)) == i);
  CHECK_FALSE(copy.contains("2"));
  CHECK_FALSE(copy.contains(""));
}

TEST_CASE("WordMap says that a word is missing") {
  WordMap<int> map;
  map.add("cat");
  CHECK(message_of<InvalidArgument>([&] { map.at("dog"); }) ==
        "WordMap: \"dog\" is not in it; expected one of its 1 words. Ask contains() or find() first.");
}
