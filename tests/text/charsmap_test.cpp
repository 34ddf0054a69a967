#include "text/charsmap.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using xeras::text::Charsmap;

namespace {

constexpr std::uint32_t leaf = 1 << 8;

// The units of a double array: their labels, whether they have a leaf, and the offsets of their children.
std::string compiled(std::size_t count, const std::vector<std::pair<std::size_t, std::uint32_t>>& units,
                     const std::string& texts) {
  std::string result;
  const auto append = [&](std::uint32_t number) {
    for (int i = 0; i < 4; ++i) result += static_cast<char>(number >> (8 * i) & 0xFF);
  };
  std::vector<std::uint32_t> array(count);
  for (const auto& [place, unit] : units) array[place] = unit;
  append(static_cast<std::uint32_t>(4 * count));
  for (const std::uint32_t unit : array) append(unit);
  return result + texts;
}

// "a" becomes "x", "ab" becomes "yz". The children of the root are at 1 ^ byte, those of "a" at 0x64 ^ byte.
std::string rules(std::uint32_t value_of_a, const std::string& texts) {
  return compiled(256,
                  {{0, 1 << 10},
                   {1 ^ 'a', 'a' | leaf | 4 << 10},
                   {0x64, value_of_a},
                   {0x64 ^ 'b', 'b' | leaf | 3 << 10},
                   {0x64 ^ 'b' ^ 3, 2}},
                  texts);
}

}  // namespace

TEST_CASE("Charsmap finds the longest rule") {
  const Charsmap charsmap(rules(0, std::string("x\0yz\0", 5)));
  CHECK(charsmap.longest("abc").length == 2);
  CHECK(charsmap.longest("abc").replacement == "yz");
  CHECK(charsmap.longest("ac").length == 1);
  CHECK(charsmap.longest("ac").replacement == "x");
  CHECK(charsmap.longest("b").length == 0);
  CHECK(charsmap.longest("").length == 0);
  CHECK(!charsmap.is_plain('a'));
  CHECK(charsmap.is_plain('b'));
  CHECK(Charsmap("").longest("a").length == 0);
  CHECK(Charsmap("").is_plain('a'));
}

TEST_CASE("Charsmap stays within a malicious array") {
  CHECK(Charsmap(rules(1 << 20, "x")).longest("ac").replacement.empty());
  CHECK(Charsmap(rules(0, "no end")).longest("ac").replacement == "no end");
  CHECK(Charsmap(compiled(1, {{0, ~std::uint32_t{0}}}, "")).longest("abc").length == 0);
  CHECK(Charsmap(compiled(256, {{0, 1 << 10}, {1 ^ 'a', 'a' | leaf | 0x3FFFFF << 10}}, "x")).longest("a").length == 0);
  CHECK(message_of<FileError>([] { Charsmap(std::string("\x08\0\0\0abcd", 8)); }) ==
        "SentencePieceTokenizer: the precompiled_charsmap ends too early; expected a model of SentencePiece. The file "
        "may "
        "be damaged.");
}
