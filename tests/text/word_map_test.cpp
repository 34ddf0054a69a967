#include "xeras/text/word_map.hpp"

#include <cstring>
#include <functional>
#include <set>

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
        "WordMap: \"dog\" is missing; expected one of its 1 words. Call contains() or find() first.");
}

namespace {

// Words of 16 bytes that libstdc++'s std::hash (Murmur) takes for one: the second half undoes what the first has done.
std::vector<std::string> words_of_one_hash(std::size_t count) {
  constexpr std::uint64_t mul = 0xc6a4a7935bd1e995, seed = 0xc70f6907;
  std::uint64_t inverse = 1;  // of mul, modulo 2^64: each step doubles the bits that are right
  for (int i = 0; i < 6; ++i) inverse *= 2 - mul * inverse;
  const auto shift = [](std::uint64_t value) { return value ^ value >> 47; };
  std::vector<std::string> words;
  for (std::uint64_t i = 1; i <= count; ++i) {
    const std::uint64_t hash = (seed ^ 16 * mul ^ shift(i * mul) * mul) * mul;
    const std::uint64_t halves[2] = {i, shift((hash ^ 1) * inverse) * inverse};
    std::memcpy(words.emplace_back(16, ' ').data(), halves, 16);
  }
  return words;
}

}  // namespace

TEST_CASE("WordMap spreads words that are made to have one hash") {
  const std::vector<std::string> words = words_of_one_hash(1000);
  std::set<std::uint32_t> hashes;
  for (const std::string& word : words) hashes.insert(xeras::text::hash_of(word));
  CHECK(hashes.size() >= 999);
#if defined(__GLIBCXX__) && SIZE_MAX > 0xFFFFFFFF
  CHECK(std::hash<std::string>()(words[0]) == std::hash<std::string>()(words[999]));
#endif
}

TEST_CASE("WordMap spreads short words, numbers and words that differ in one letter") {
  std::set<std::uint32_t> hashes;
  for (int i = 0; i < 30000; ++i) {
    hashes.insert(xeras::text::hash_of(std::to_string(i)));
    hashes.insert(xeras::text::hash_of("a long word with a number " + std::to_string(i)));
  }
  CHECK(hashes.size() >= 59990);  // of 60000, of which chance lets a half meet
}
