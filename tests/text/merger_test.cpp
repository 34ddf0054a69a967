#include "text/merger.hpp"

#include <algorithm>
#include <map>

#include "catch.hpp"

using namespace xeras::text;

namespace {

using Rules = std::vector<Merger::Rule>;

// The definition, slowly: joins the leftmost pair with the lowest rank until there is none.
std::vector<int> joined_slowly(const Rules& rules, std::vector<int> tokens) {
  for (;;) {
    std::size_t best = rules.size(), at = 0;
    for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
      for (std::size_t rank = 0; rank < best; ++rank) {
        if (rules[rank].left == tokens[i] && rules[rank].right == tokens[i + 1]) {
          best = rank;
          at = i;
        }
      }
    }
    if (best == rules.size()) return tokens;
    tokens[at] = rules[best].joined;
    tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at) + 1);
  }
}

}  // namespace

TEST_CASE("Merger joins the pair of the first rule first, from the left") {
  // 0 0 -> 3, 3 0 -> 4, 0 1 -> 5
  const Rules rules{{0, 0, 3}, {3, 0, 4}, {0, 1, 5}, {0, 0, 9}};
  Merger::Scratch scratch;
  const auto joined = [&](const std::vector<int>& tokens) {
    std::vector<int> result;
    Merger(rules).apply(tokens, scratch, result);
    return result;
  };
  CHECK(joined({}).empty());
  CHECK(joined({7}) == std::vector<int>{7});
  CHECK(joined({0, 0, 0}) == std::vector<int>{4});
  CHECK(joined({0, 0, 0, 0, 1}) == std::vector<int>{3, 3, 1});
  CHECK(joined({0, 1, 2, 0}) == std::vector<int>{5, 2, 0});
}

TEST_CASE("Merger agrees with the definition for random rules and tokens") {
  std::uint32_t state = 7;
  const auto below = [&](std::uint32_t limit) {
    return static_cast<int>((state = state * 1664525 + 1013904223) % limit);
  };
  Merger::Scratch scratch;
  for (int round = 0; round < 300; ++round) {
    Rules rules;
    int next = 3;
    for (int i = 0; i < 12; ++i) {
      const Merger::Rule rule{below(static_cast<std::uint32_t>(next)), below(static_cast<std::uint32_t>(next)), next};
      const auto same = [&](const Merger::Rule& one) { return one.left == rule.left && one.right == rule.right; };
      if (std::any_of(rules.begin(), rules.end(), same)) continue;
      rules.push_back(rule);
      ++next;
    }
    std::vector<int> tokens(static_cast<std::size_t>(below(40))), result;
    for (int& token : tokens) token = below(3);
    Merger(rules).apply(tokens, scratch, result);
    CHECK(result == joined_slowly(rules, tokens));
  }
}
