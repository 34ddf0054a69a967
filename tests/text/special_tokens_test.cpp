#include "text/special_tokens.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::text;

TEST_CASE("SpecialTokens splits a text at the leftmost and longest token") {
  const TokenTable table("Test", {{"<a>", 1}, {"<a>b", 2}, {"c", 3}});
  const auto split = [&](const std::vector<std::string>& tokens, std::string_view text) {
    std::vector<std::string> result;
    SpecialTokens("Test", "tokens", tokens, table)
        .split(
            text, [&](std::string_view part) { result.emplace_back(part); },
            [&](int id) { result.push_back("#" + std::to_string(id)); });
    return result;
  };
  using Parts = std::vector<std::string>;
  CHECK(split({"<a>", "<a>b"}, "x<a>b<<a>y<a") == Parts{"x", "#2", "<", "#1", "y<a"});
  CHECK(split({"<a>", "c"}, "<a><a>c") == Parts{"#1", "#1", "#3"});
  CHECK(split({}, "<a>") == Parts{"<a>"});
  CHECK(split({"c"}, "") == Parts{});
  CHECK(message_of<InvalidArgument>([&] { split({""}, ""); }) ==
        "Test: tokens has \"\", which the vocabulary lacks; expected tokens of the vocabulary. Add it there.");
}
