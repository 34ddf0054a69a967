#include "xeras/metrics/confusion_counts.hpp"

#include <cmath>

#include "catch.hpp"

using namespace xeras;
using namespace xeras::metrics;

namespace {

using Spacing = ConfusionCounts::Spacing;

// The number of thresholds below p, counted by Keras's arithmetic.
std::size_t below(ConfusionCounts counts, float p) {
  counts.add(p, true, 1.0);
  std::size_t number = 0;
  counts.for_each([&](std::size_t, const Confusion& confusion) { number += confusion.true_positives == 1.0; });
  return number;
}

}  // namespace

TEST_CASE("ConfusionCounts calls a prediction positive above a threshold", "[metrics]") {
  const ConfusionCounts any({0.2, 0.7}, Spacing::any);
  CHECK(below(any, 0.2f) == 0);
  CHECK(below(any, 0.3f) == 1);
  CHECK(below(any, 7.0f) == 2);
  CHECK(below(any, std::nanf("")) == 0);
  CHECK(below(any, -INFINITY) == 0);
}

TEST_CASE("ConfusionCounts clips predictions for even thresholds", "[metrics]") {
  const ConfusionCounts even({0.0, 0.5, 1.0}, Spacing::even);
  CHECK(below(even, 0.0f) == 0);
  CHECK(below(even, 0.5f) == 1);
  CHECK(below(even, 0.75f) == 2);
  CHECK(below(even, 7.0f) == 2);  // not above 1
  CHECK(below(even, -7.0f) == 0);
  CHECK(below(even, std::nanf("")) == 0);
  const ConfusionCounts of_auc({-1e-7, 0.5, 1.0 + 1e-7}, Spacing::even);
  CHECK(below(of_auc, 0.0f) == 1);
  CHECK(below(of_auc, 1.0f) == 2);
}

TEST_CASE("ConfusionCounts finds even thresholds as Keras does", "[metrics]") {
  CHECK(ConfusionCounts::spacing_of({0.0, 0.5, 1.0}) == Spacing::even);
  CHECK(ConfusionCounts::spacing_of({0.0, 1.0}) == Spacing::any);
  CHECK(ConfusionCounts::spacing_of({0.0, 0.4, 1.0}) == Spacing::any);
  CHECK(ConfusionCounts::spacing_of({1.0, 0.5, 0.0}) == Spacing::any);
}

TEST_CASE("ConfusionCounts sums what is above and what is not", "[metrics]") {
  ConfusionCounts counts({0.8, 0.2}, Spacing::any, 2);
  counts.add(0.9f, true, 1.0, 1);
  counts.add(0.5f, true, 2.0, 1);
  counts.add(0.5f, false, 4.0, 1);
  counts.add(0.1f, false, 0.1, 1);
  counts.for_each(
      [](std::size_t i, const Confusion& c) {
        CHECK(c.true_positives == (i == 0 ? 1.0 : 3.0));
        CHECK(c.false_positives == (i == 0 ? 0.0 : 4.0));
        CHECK(c.false_negatives == (i == 0 ? 2.0 : 0.0));
        CHECK_THAT(c.true_negatives, Catch::Matchers::WithinAbs(i == 0 ? 4.1 : 0.1, 1e-12));
      },
      1);
  counts.for_each([](std::size_t, const Confusion& c) { CHECK(c.true_positives + c.true_negatives == 0.0); });
  CHECK(counts.labels() == 2);
}
