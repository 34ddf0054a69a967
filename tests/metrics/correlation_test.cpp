#include "xeras/metrics/correlation.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double near = 1e-6;
const Input y{{0.0, 1.0, 0.5}, {1.0, 1.0, 0.2}}, p{{0.1, 0.9, 0.5}, {1.0, 0.9, 0.2}};

}  // namespace

// The examples of Keras's documentation.
TEST_CASE("correlations of rows give the numbers of Keras", "[metrics]") {
  PearsonCorrelation pearson;
  pearson.update_state(y, p);
  CHECK_THAT(pearson.result(), WithinAbs(0.9966996, near));
  ConcordanceCorrelation concordance;
  concordance.update_state(y, p);
  CHECK_THAT(concordance.result(), WithinAbs(0.9816320, near));
  CHECK(pearson.direction() == Direction::up);
}

TEST_CASE("correlations over a batch leave masked rows out", "[metrics]") {
  const float truth[] = {1, 2, 9, 3}, given[] = {2, 4, -7, 6};
  const std::uint8_t mask[] = {1, 1, 0, 1}, none[] = {0, 0, 0, 0};
  PearsonCorrelation pearson({.axis = 0});
  pearson.update({truth, given, 4, 1, 1, none, nullptr});
  CHECK(pearson.result() == 0.0);
  pearson.update({truth, given, 4, 1, 1, mask, nullptr});
  CHECK_THAT(pearson.result(), WithinAbs(1.0, near));
}

TEST_CASE("the correlation of a constant row is NaN, as in Keras", "[metrics]") {
  PearsonCorrelation pearson;
  pearson.update_state({{1, 1}}, {{1, 2}});
  CHECK(std::isnan(pearson.result()));
}

TEST_CASE("correlations refuse what they cannot take", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { PearsonCorrelation({.axis = 1}); }) ==
        "pearson_correlation: axis is 1; expected -1, over the columns of a row, or 0, over a batch.");
  PearsonCorrelation pearson({.axis = 0});
  CHECK(message_of<InvalidInput>([&] {
          pearson.update_state(y, p, {1.0, 2.0});
        }) ==
        "pearson_correlation: there are sample weights, but axis is 0; expected none, since a batch has one "
        "correlation. Move the metric from weighted_metrics to metrics.");
  CHECK(message_of<InvalidInput>([&] {
          pearson.check({{{1.0f, 0.0f}}}, {1, 1, 2}, "fit");
        }) ==
        "fit: pearson_correlation has axis 0, but the prediction has shape (1, 1, 2); expected (batch, columns).");
}
