#include "xeras/metrics/f_score.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double near = 1e-6;
const Input y{{1, 1, 1}, {1, 0, 0}, {1, 1, 0}}, p{{0.2, 0.6, 0.7}, {0.2, 0.6, 0.6}, {0.6, 0.8, 0.0}};

}  // namespace

// The examples of Keras's documentation.
TEST_CASE("F scores have one result per class without an average", "[metrics]") {
  FBetaScore beta({.beta = 2.0, .threshold = 0.5});
  beta.update_state(y, p);
  const Tensor scores = beta.results();
  CHECK_THAT(scores(0), WithinAbs(0.3846154, near));
  CHECK_THAT(scores(1), WithinAbs(0.9090909, near));
  CHECK_THAT(scores(2), WithinAbs(0.8333332, near));
  CHECK_THAT(beta.result(), WithinAbs((0.3846154 + 0.9090909 + 0.8333332) / 3, near));
  F1Score f1({.threshold = 0.5});
  f1.update_state(y, p);
  CHECK_THAT(f1.results()(0), WithinAbs(0.5, near));
  CHECK_THAT(f1.results()(1), WithinAbs(0.8, near));
  CHECK_THAT(f1.results()(2), WithinAbs(0.6666666, near));
  f1.reset_state();
  CHECK(f1.result() == 0.0);
}

TEST_CASE("F scores without a threshold take the largest column", "[metrics]") {
  F1Score f1({.average = "micro"});
  f1.update_state({{0, 1}, {1, 0}, {0, 1}}, {{0.3, 0.4}, {0.1, 0.2}, {0.0, 0.0}});  // zeros are never positive
  CHECK_THAT(f1.result(), WithinAbs(2.0 * 0.5 * (1.0 / 3.0) / (0.5 + 1.0 / 3.0), near));
  CHECK(f1.results().size() == 1);
  CHECK(F1Score().result() == 0.0);
  CHECK(F1Score().direction() == Direction::up);
  CHECK(F1Score().name() == "f1_score");
  CHECK(FBetaScore().name() == "fbeta_score");
}

TEST_CASE("F scores leave masked rows out", "[metrics]") {
  const float truth[] = {1, 0, 0, 1}, given[] = {0.9f, 0.1f, 0.8f, 0.2f};
  const std::uint8_t mask[] = {1, 0};
  F1Score f1({.average = "weighted"});
  f1.update({truth, given, 2, 2, 2, mask, nullptr});
  CHECK_THAT(f1.result(), WithinAbs(1.0, near));
}

TEST_CASE("F scores refuse options out of range", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { F1Score({.average = "makro"}); }) ==
        "f1_score: average \"makro\" is unknown; did you mean \"macro\"? Known: macro, micro, weighted.");
  CHECK(message_of<InvalidArgument>([] { FBetaScore({.beta = 0.0}); }) ==
        "fbeta_score: beta is 0; expected a positive number.");
  CHECK(message_of<InvalidArgument>([] { F1Score({.threshold = 0.0}); }) ==
        "f1_score: threshold is 0; expected a number above 0 and at most 1.");
  CHECK(message_of<InvalidArgument>([] { F1Score({.threshold = std::nan("")}); }) ==
        "f1_score: threshold is nan; expected a number above 0 and at most 1.");
  CHECK(message_of<InvalidInput>([] {
          F1Score().check({1, 0}, {2, 3}, "fit");
        }) == "fit: y has shape (2,) but f1_score expects (2, 3) one-hot rows.");
  F1Score f1;
  f1.update_state({{0, 1}}, {{0, 1}});
  CHECK(message_of<InvalidInput>([&] {
          f1.update_state({{0, 1, 0}}, {{0, 1, 1}});
        }) == "f1_score: the prediction has 3 columns, and that of an earlier batch 2; expected the same number.");
}
