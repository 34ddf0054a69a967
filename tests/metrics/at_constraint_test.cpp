#include "xeras/metrics/at_constraint.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;

namespace {

const Input y{0, 0, 0, 1, 1}, p{0.0, 0.3, 0.8, 0.3, 0.8}, weights{1, 1, 2, 2, 1};

double result_of(Metric&& metric, const Input& sample_weight = {}) {
  metric.update_state(y, p, sample_weight);
  return metric.result();
}

}  // namespace

// The examples of Keras's documentation.
TEST_CASE("metrics at a rate give the numbers of Keras", "[metrics]") {
  constexpr double near = 1e-6;
  using Catch::Matchers::WithinAbs;
  CHECK(result_of(SensitivityAtSpecificity({.specificity = 0.5})) == 0.5);
  CHECK_THAT(result_of(SensitivityAtSpecificity({.specificity = 0.5}), weights), WithinAbs(0.333333, near));
  CHECK_THAT(result_of(SpecificityAtSensitivity({.sensitivity = 0.5})), WithinAbs(0.666667, near));
  CHECK(result_of(SpecificityAtSensitivity({.sensitivity = 0.5}), {1, 1, 2, 2, 2}) == 0.5);
  CHECK(result_of(PrecisionAtRecall({.recall = 0.5})) == 0.5);
  RecallAtPrecision recall({.precision = 0.8});
  recall.update_state({0, 0, 1, 1}, {0.0, 0.5, 0.3, 0.9});
  CHECK(recall.result() == 0.5);
  CHECK((recall.results() == Tensor{0.5f}));
}

TEST_CASE("metrics at a rate are 0 where no threshold reaches it", "[metrics]") {
  RecallAtPrecision recall({.precision = 0.9});
  recall.update_state({0, 1}, {0.9, 0.1});
  CHECK(recall.result() == 0.0);
  CHECK(RecallAtPrecision({.precision = 0.9}).direction() == Direction::up);
}

TEST_CASE("metrics at a rate need it", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { SensitivityAtSpecificity(); }) ==
        "sensitivity_at_specificity: specificity is not given; expected a number from 0 to 1.");
  CHECK(message_of<InvalidArgument>([] { RecallAtPrecision({.precision = 1.5}); }) ==
        "recall_at_precision: precision is 1.5; expected a number from 0 to 1.");
  CHECK(message_of<InvalidArgument>([] { RecallAtPrecision({.precision = std::nan("")}); }) ==
        "recall_at_precision: precision is nan; expected a number from 0 to 1.");
  CHECK(message_of<InvalidArgument>([] { PrecisionAtRecall({.recall = 0.5, .num_thresholds = 0}); }) ==
        "precision_at_recall: num_thresholds is 0; expected an integer from 1 to 1000000.");
  CHECK(message_of<InvalidArgument>([] { PrecisionAtRecall({.recall = 0.5, .class_id = -3}); }) ==
        "precision_at_recall: class_id is -3; expected the number of a class, 0 or more.");
}
