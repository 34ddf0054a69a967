#include "xeras/metrics/perplexity.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

TEST_CASE("Perplexity counts tokens, not samples", "[metrics]") {
  Perplexity perplexity;
  CHECK(perplexity.result() == 0.0);
  perplexity.update_state({{0, 1}}, {{{0.5f, 0.5f}, {0.5f, 0.5f}}});
  CHECK_THAT(perplexity.result(), WithinAbs(2.0, 1e-6));
  perplexity.update_state({{0, 0, 0, 0}}, {{{0.25f, 0.75f}, {0.25f, 0.75f}, {0.25f, 0.75f}, {0.25f, 0.75f}}});
  CHECK_THAT(perplexity.result(), WithinAbs(3.1748021, 1e-6));  // (2^2 4^4)^(1/6)
  perplexity.reset_state();
  CHECK(perplexity.result() == 0.0);
  CHECK(perplexity.direction() == Direction::down);
}

TEST_CASE("Perplexity ignores the token of padding", "[metrics]") {
  Perplexity perplexity({.mask_token_id = -1});
  perplexity.update_state({{0, -1}}, {{{0.5f, 0.5f}, {0.9f, 0.1f}}});
  CHECK_THAT(perplexity.result(), WithinAbs(2.0, 1e-6));
  CHECK(message_of<InvalidInput>([&] {
          perplexity.check({{0, 2}}, {1, 2, 2}, "fit");
        }) ==
        "fit: y has label 2 at row 0; expected whole numbers 0..1, since the prediction has 2 classes. Number the "
        "classes from 0, or give the last layer more units.");
}
