#include "plots/text.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras::plots;

TEST_CASE("escaped makes any text safe for XML") {
  CHECK(escaped("a <b> & \"c\" 'd'") == "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;");
  CHECK(escaped("日本 😀 שלום") == "日本 😀 שלום");
  CHECK(escaped("a\nb\tc\x01") == "a b c ");
  CHECK(escaped(std::string_view("a\0b", 3)) == "a b");
  CHECK(escaped("a\xff\xc3") == "a\uFFFD\uFFFD");
  CHECK(escaped("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");  // a surrogate
  CHECK(escaped("\uFFFE\uFFFF") == "\uFFFD\uFFFD");        // characters that XML lacks
  CHECK(escaped("") == "");
}

TEST_CASE("width_of counts characters, not bytes") {
  CHECK(width_of("", 10.0) == 0.0);
  CHECK(std::abs(width_of("ab", 10.0) - 12.6) < 1e-9);
  CHECK(std::abs(width_of("日", 10.0) - 12.0) < 1e-9);
  CHECK(width_of("e\u0301", 10.0) == width_of("e", 10.0));  // a mark on the letter
  CHECK(width_of("il", 10.0) < width_of("mw", 10.0));
}

TEST_CASE("shortened cuts at a character, and leaves what fits") {
  CHECK(shortened("abc", 10.0, 100.0) == "abc");
  CHECK(shortened("abc", 10.0, 19.0) == "abc");
  CHECK(shortened("abcd", 10.0, 20.0) == "ab…");
  CHECK(shortened("日本語", 10.0, 20.0) == "日…");
  CHECK(shortened("abc", 10.0, 1.0) == "…");
  CHECK(shortened("", 10.0, 0.0) == "");
  CHECK(shortened(std::string(1000000, 'a'), 10.0, 20.0) == "aa…");
}
