#include "text/utf8.hpp"

#include "catch.hpp"

using namespace xeras::text;

namespace {

std::string lower(std::string_view text) {
  std::string result;
  append_lower(text, result);
  return result;
}

}  // namespace

TEST_CASE("code_point_at reads one code point of each length") {
  const std::string text = "a\u00e9\u65e5\U0001F600";
  std::vector<char32_t> points;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = code_point_at(text, at);
    CHECK(point.is_valid);
    points.push_back(point.value);
    at += point.length;
  }
  CHECK(points == std::vector<char32_t>{U'a', U'\u00e9', U'\u65e5', U'\U0001F600'});
  CHECK(code_point_at(std::string_view("\0", 1), 0).length == 1);
}

TEST_CASE("find_invalid finds the first byte that is not UTF-8") {
  CHECK(find_invalid("") == std::string_view::npos);
  CHECK(find_invalid("a\u65e5b") == std::string_view::npos);
  CHECK(find_invalid("\u65e5\xe4 b") == 3);      // Latin-1
  CHECK(find_invalid("ab\xe6\x97") == 2);        // ends too early
  CHECK(find_invalid("a\x80") == 1);             // nothing to continue
  CHECK(find_invalid("\xc0\xaf") == 0);          // longer than needed
  CHECK(find_invalid("\xed\xa0\x80") == 0);      // a surrogate
  CHECK(find_invalid("\xf4\x90\x80\x80") == 0);  // beyond U+10FFFF
}

// Expected: bytes.decode("utf-8", "replace") of Python 3.11.
TEST_CASE("replace_invalid puts one U+FFFD in place of each maximal subpart") {
  CHECK(replace_invalid("a\xe4z\xf0\x9f\x98z\xed\xa0\x80\xff") == "a\ufffdz\ufffdz\ufffd\ufffd\ufffd\ufffd");
  CHECK(replace_invalid("\xe6\x97") == "\ufffd");
  CHECK(replace_invalid("\xf4\x90\x80") == "\ufffd\ufffd\ufffd");
  CHECK(replace_invalid("\xe0\x9f\xbf") == "\ufffd\ufffd\ufffd");
  CHECK(replace_invalid("\u65e5") == "\u65e5");
}

// Expected: str.lower() of Python 3.11. Every code point, alone and around a sigma, was compared with it once.
TEST_CASE("append_lower changes letters as Python's str.lower() does") {
  CHECK(lower("Hello, WORLD! [\\]^_`{|}~@") == "hello, world! [\\]^_`{|}~@");
  CHECK(lower("\u00c9COLE \u0416\u0423\u041a \u1e9e") == "\u00e9cole \u0436\u0443\u043a \u00df");
  CHECK(lower("\u0130stanbul") == "i\u0307stanbul");      // one becomes two
  CHECK(lower("\u023a\u2126\u212a") == "\u2c65\u03c9k");  // longer and shorter ones
  CHECK(lower("\U00010400\u65e5\U0001F600") == "\U00010428\u65e5\U0001F600");
  std::string text = "kept ";
  append_lower("ADDED", text);
  CHECK(text == "kept added");
}

TEST_CASE("append_lower makes a capital sigma final where a letter precedes and none follows") {
  CHECK(lower("\u03a3") == "\u03c3");
  CHECK(lower("\u03a3\u0391\u03a3") == "\u03c3\u03b1\u03c2");
  CHECK(lower("\u0391\u03a3, \u0391\u03a3\u0391") == "\u03b1\u03c2, \u03b1\u03c3\u03b1");
  // Marks and apostrophes in between do not count; digits and spaces end a word.
  CHECK(lower("\u0391\u0301\u03a3'") == "\u03b1\u0301\u03c2'");
  CHECK(lower("\u0391\u03a3'\u0391") == "\u03b1\u03c3'\u03b1");
  CHECK(lower("\u0391.\u03a3\u0301\u00ad.") == "\u03b1.\u03c2\u0301\u00ad.");
  CHECK(lower("1\u03a3") == "1\u03c3");
  CHECK(lower("\u2168\u03a3 \u24b6\u03a3 \u00aa\u03a3") == "\u2178\u03c2 \u24d0\u03c2 \u00aa\u03c2");
}
