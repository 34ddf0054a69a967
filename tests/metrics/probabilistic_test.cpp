#include "xeras/metrics/probabilistic.hpp"

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/twice.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

const MetricRows rows;

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("crossentropies as metrics give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, metric_tolerance)); };
  expect(twice(BinaryCrossentropy(), rows.y_soft, rows.p_binary), 0.617114723);
  expect(twice(BinaryCrossentropy(), rows.y_soft, rows.p_binary, rows.weights), 0.663261414);
  expect(twice(CategoricalCrossentropy(), rows.y_classes, rows.p_classes), 2.05349994);
  expect(twice(CategoricalCrossentropy(), rows.y_classes, rows.p_classes, rows.weights), 2.19909191);
  expect(twice(SparseCategoricalCrossentropy(), rows.y_labels, rows.p_labels), 3.54304242);
  expect(twice(SparseCategoricalCrossentropy(), rows.y_labels, rows.p_labels, rows.label_weights), 5.40237141);
  expect(twice(SparseCategoricalCrossentropy({.ignore_class = 1}), rows.y_labels, rows.p_labels, rows.label_weights),
         0.462098151);
}

TEST_CASE("metrics take options of their losses", "[metrics]") {
  BinaryCrossentropy logits({.from_logits = true, .label_smoothing = 0.2});
  logits.update_state(rows.y_soft, rows.p_binary);
  CHECK_THAT(logits.result(), WithinRel(losses::BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.2})(
                                            rows.y_soft, rows.p_binary),
                                        metric_tolerance));
  // Keras forgets ignore_class here unless there are weights; a metric is its loss all the same.
  SparseCategoricalCrossentropy ignoring({.ignore_class = 1});
  ignoring.update_state(rows.y_labels, rows.p_labels);
  CHECK_THAT(ignoring.result(), WithinRel(0.346573651, metric_tolerance));
  CHECK(message_of<InvalidArgument>([] { CategoricalCrossentropy({.axis = 1}); }) ==
        "categorical_crossentropy: axis is 1; expected -1, the last. Permute the axes before the loss.");
}
