#include "metrics/mteval_tokens.hpp"

#include "catch.hpp"

using xeras::metrics::mteval_tokens;

TEST_CASE("mteval_tokens splits at punctuation, but not within numbers") {
  using Tokens = std::vector<std::string>;
  CHECK(mteval_tokens("Pi is 3.14, isn't it?") == Tokens{"Pi", "is", "3.14", ",", "isn't", "it", "?"});
  CHECK(mteval_tokens("1990-1999, well-known") == Tokens{"1990", "-", "1999", ",", "well-known"});
  CHECK(mteval_tokens("&quot;a&quot; &amp; re-\nsult<skipped>") == Tokens{"\"", "a", "\"", "&", "result"});
  CHECK(mteval_tokens("(a)/b.") == Tokens{"(", "a", ")", "/", "b", "."});
  CHECK(mteval_tokens("x,,y") == Tokens{"x", ",", ",", "y"});
  CHECK(mteval_tokens(" \t\n").empty());
}
