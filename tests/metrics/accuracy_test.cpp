#include "xeras/metrics/accuracy.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/twice.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using namespace xeras::testing;
using Catch::Matchers::WithinRel;

namespace {

const Input y_right{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.0f}};
const Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};
const Input y_classes{{0.0f, 1.0f, 0.0f}, {0.2f, 0.3f, 0.5f}};
const Input p_classes{{0.1f, 0.7f, 0.3f}, {0.5f, 0.0f, 1.5f}};
const Input weights{0.5f, 2.0f};
const Input y_labels{1, 2, 0, 1};
const Input p_labels{{0.1f, 0.7f, 0.3f}, {0.2f, 0.3f, 0.5f}, {1.0f, 0.0f, 0.0f}, {0.9f, 0.0f, 0.3f}};
const Input label_weights{0.5f, 2.0f, 1.0f, 3.0f};

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("accuracies give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, metric_tolerance)); };
  expect(twice(BinaryAccuracy({.threshold = 0.7}), y_right, p_binary), 0.888888896);
  expect(twice(SparseCategoricalAccuracy(), y_labels, p_labels), 0.800000012);
  expect(twice(SparseCategoricalAccuracy(), y_labels, p_labels, label_weights), 0.684210539);
  CHECK(twice(BinaryAccuracy(), y_right, p_binary) == 1.0);
  CHECK(twice(CategoricalAccuracy(), y_classes, p_classes, weights) == 1.0);
}

TEST_CASE("accuracies count as Keras does", "[metrics]") {
  Accuracy exact;  // the examples of Keras's documentation
  exact.update_state({{1}, {2}, {3}, {4}}, {{0}, {2}, {3}, {4}}, {1, 1, 0, 0});
  CHECK(exact.result() == 0.5);
  BinaryAccuracy binary;
  binary.update_state({1, 1, 0, 0}, {0.98, 1.0, 0.0, 0.6}, {1, 0, 0, 1});
  CHECK(binary.result() == 0.5);
  binary.reset_state();
  binary.update_state({0, 1}, {0.5, 0.5});  // the threshold itself is not above it
  CHECK(binary.result() == 0.5);
  SparseCategoricalAccuracy sparse;
  sparse.update_state({0, 1}, {{0.4, 0.4, 0.2}, {0.1, 0.3, 0.3}});  // the first of equals
  CHECK(sparse.result() == 1.0);
  sparse.update_state({-1, 7}, {{1.0, 0.0, 0.0}, {1.0, 0.0, 0.0}});
  CHECK(sparse.result() == 0.5);
  CategoricalAccuracy categorical;
  categorical.update_state({{0.5, 0.5}, {0.0, 1.0}}, {{0.9, 0.1}, {0.6, 0.4}});
  CHECK(categorical.result() == 0.5);
}

TEST_CASE("the string accuracy chooses by shape", "[metrics]") {
  const auto accuracy = [](const Input& y, const Input& p) {
    const MetricArgument metric = "accuracy";
    metric->update_state(y, p);
    return metric->result();
  };
  CHECK(accuracy({1, 0, 1, 1}, {{0.9}, {0.2}, {0.3}, {0.6}}) == 0.75);
  CHECK(accuracy({{1}, {0}, {1}, {1}}, {0.9, 0.2, 0.3, 0.6}) == 0.75);
  CHECK(accuracy({1, 0}, {{0.1, 0.9}, {0.2, 0.8}}) == 0.5);
  CHECK(accuracy({{1}, {0}}, {{0.1, 0.9}, {0.2, 0.8}}) == 0.5);
  CHECK(accuracy({{0, 1}, {1, 0}}, {{0.1, 0.9}, {0.2, 0.8}}) == 0.5);
  CHECK(accuracy({{1, 0}}, {{{0.1, 0.9}, {0.2, 0.8}}}) == 0.5);
}

TEST_CASE("BinaryAccuracy refuses a threshold of NaN") {
  CHECK(message_of<InvalidArgument>([] { metrics::BinaryAccuracy({.threshold = std::nan("")}); }) ==
        "binary_accuracy: threshold is nan; expected a number such as 0.5.");
}
