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

const MetricRows rows;

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("accuracies give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, metric_tolerance)); };
  expect(twice(BinaryAccuracy({.threshold = 0.7}), rows.y_binary, rows.p_binary), 0.888888896);
  expect(twice(SparseCategoricalAccuracy(), rows.y_labels, rows.p_labels), 0.800000012);
  expect(twice(SparseCategoricalAccuracy(), rows.y_labels, rows.p_labels, rows.label_weights), 0.684210539);
  CHECK(twice(BinaryAccuracy(), rows.y_binary, rows.p_binary) == 1.0);
  CHECK(twice(CategoricalAccuracy(), rows.y_classes, rows.p_classes, rows.weights) == 1.0);
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

TEST_CASE("top-k accuracies count labels with fewer than k larger columns", "[metrics]") {
  const Input p{{0.1, 0.9, 0.8}, {0.05, 0.95, 0.0}};
  TopKCategoricalAccuracy categorical({.k = 1});
  categorical.update_state({{0, 0, 1}, {0, 1, 0}}, p);
  CHECK(categorical.result() == 0.5);
  SparseTopKCategoricalAccuracy sparse({.k = 2});
  sparse.update_state({2, 2}, p);
  CHECK(sparse.result() == 0.5);
  sparse.update_state({-1, 7}, p);
  CHECK(sparse.result() == 0.25);
  sparse.reset_state();
  sparse.update_state({0, 1}, {{0.5, 0.5, 0.5}, {0.5, std::nan(""), 0.7}});  // ties count, NaN is the least
  CHECK(sparse.result() == 0.5);
  SparseTopKCategoricalAccuracy ids({.k = 2, .from_sorted_ids = true});
  ids.update_state({4, 7}, {{9, 4, 7}, {9, 4, 7}});
  CHECK(ids.result() == 0.5);
  CHECK(message_of<InvalidArgument>([] { TopKCategoricalAccuracy({.k = 0}); }) ==
        "top_k_categorical_accuracy: k is 0; expected a positive integer.");
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
