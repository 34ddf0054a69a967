#include "xeras/metrics/confusion.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double exact = 1e-7;
const Input y{0, 1, 1, 1}, p{1, 0, 1, 1};

double result_of(Metric&& metric, const Input& y_true, const Input& y_pred, const Input& weights = {}) {
  metric.update_state(y_true, y_pred, weights);
  return metric.result();
}

}  // namespace

TEST_CASE("Precision and Recall are shares of the positive ones", "[metrics]") {
  CHECK_THAT(result_of(Precision(), y, p), WithinAbs(2.0 / 3.0, exact));
  CHECK_THAT(result_of(Recall(), y, p), WithinAbs(2.0 / 3.0, exact));
  CHECK(result_of(Precision(), y, p, {0, 0, 1, 0}) == 1.0);
  CHECK(result_of(Recall(), {0, 0}, {0.9, 0.1}) == 0.0);
  CHECK(result_of(Precision(), {0, 1}, {0.1, 0.2}) == 0.0);
  CHECK(Precision().result() == 0.0);
  CHECK(Precision().direction() == Direction::up);
  CHECK(Precision().name() == "precision");
}

TEST_CASE("Metrics at thresholds have one result for each of them, in their order", "[metrics]") {
  Precision precision({.thresholds = {0.9, 0.5}});
  precision.update_state({0, 1, 1, 0}, {0.6, 0.95, 0.7, 0.2});
  CHECK((precision.results() == Tensor{1.0f, 2.0f / 3.0f}));
  CHECK_THAT(precision.result(), WithinAbs(5.0 / 6.0, exact));
  const std::shared_ptr<Metric> clone = precision.clone();
  precision.reset_state();
  CHECK((precision.results() == Tensor{0.0f, 0.0f}));
  CHECK(clone->results()(0) == 1.0f);
  Recall one({.thresholds = 0.5});
  CHECK(one.results().shape() == Tensor::shape_type{1});
}

TEST_CASE("Metrics of one kind of prediction count it", "[metrics]") {
  const Input truth{0, 1, 0, 1, 1}, given{0.2, 0.8, 0.7, 0.5, 0.4}, weights{1, 2, 3, 4, 5};
  CHECK(result_of(TruePositives(), truth, given) == 1.0);
  CHECK(result_of(FalsePositives(), truth, given) == 1.0);
  CHECK(result_of(TrueNegatives(), truth, given) == 1.0);
  CHECK(result_of(FalseNegatives(), truth, given) == 2.0);  // the threshold itself is not above it
  CHECK(result_of(FalseNegatives(), truth, given, weights) == 9.0);
  CHECK(result_of(TruePositives({.thresholds = {0.45, 0.9}}), truth, given) == 1.0);  // (2 + 0) / 2
  CHECK(TruePositives().direction() == Direction::up);
  CHECK(TrueNegatives().direction() == Direction::up);
  CHECK(FalsePositives().direction() == Direction::down);
  CHECK(FalseNegatives().direction() == Direction::down);
}

TEST_CASE("top_k takes the largest columns, the first of equal ones", "[metrics]") {
  CHECK(result_of(Precision({.top_k = 2}), {{0, 0, 1, 1}}, {{1, 1, 1, 1}}) == 0.0);
  CHECK(result_of(Precision({.top_k = 4}), {{0, 0, 1, 1}}, {{1, 1, 1, 1}}) == 0.5);
  CHECK(result_of(Recall({.top_k = 1}), {{0, 1, 0}, {1, 0, 0}}, {{0.1, 0.6, 0.3}, {0.2, 0.5, 0.3}}) == 0.5);
  CHECK(result_of(Recall({.thresholds = 0.7, .top_k = 1}), {{0, 1, 0}}, {{0.1, 0.6, 0.3}}) == 0.0);
  // As in the examples of Keras, a vector is one row here.
  CHECK(result_of(Precision({.top_k = 2}), {0, 0, 1, 1}, {1, 1, 1, 1}) == 0.0);
  CHECK(result_of(Precision({.top_k = 4}), {0, 0, 1, 1}, {1, 1, 1, 1}) == 0.5);
  const double nan = std::nan("");
  CHECK(result_of(Precision({.top_k = 1}), {{0, 1, 0}}, {{0.5, nan, nan}}) == 0.0);
}

TEST_CASE("class_id selects a column", "[metrics]") {
  const Input truth{{1, 0}, {1, 1}, {0, 1}}, given{{0.9, 0.9}, {0.2, 0.8}, {0.1, 0.3}};
  CHECK(result_of(Precision({.class_id = 0}), truth, given) == 1.0);
  CHECK(result_of(Precision({.class_id = 1}), truth, given) == 0.5);
  CHECK(result_of(Recall({.class_id = 1}), truth, given) == 0.5);
}

TEST_CASE("Metrics at thresholds leave masked rows out", "[metrics]") {
  const float truth[] = {1, 0, 1, 0}, given[] = {0.9f, 0.9f, 0.9f, 0.9f}, weights[] = {1, 1, 0, 3};
  const std::uint8_t mask[] = {1, 0, 1, 1};
  Precision precision;
  precision.update({truth, given, 4, 1, 1, mask, nullptr, 4, 4});
  CHECK_THAT(precision.result(), WithinAbs(2.0 / 3.0, exact));
  precision.reset_state();
  precision.update({truth, given, 4, 1, 1, mask, weights, 4, 4});
  CHECK(precision.result() == 0.25);
  precision.update({truth, given, 0, 1, 1, nullptr, nullptr});
  CHECK(precision.result() == 0.25);
}

TEST_CASE("Metrics at thresholds allocate nothing for a batch", "[metrics]") {
  const std::vector<float> truth(900, 1.0f), given(900, 0.75f);
  const Targets targets{truth.data(), given.data(), 300, 3, 3, nullptr, nullptr};
  Precision precision({.thresholds = {0.1, 0.8}, .top_k = 2});
  precision.update(targets);
  const testing::AllocationCounter allocations;
  precision.update(targets);
  CHECK(precision.result() == 0.5);
  CHECK(allocations.count() == 0);
}

TEST_CASE("Metrics at thresholds refuse options out of range", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { Precision({.thresholds = 1.5}); }) ==
        "precision: a threshold is 1.5; expected numbers from 0 to 1. For logits use 0.");
  CHECK(message_of<InvalidArgument>([] {
          TruePositives({.thresholds = {0.5, std::nan("")}});
        }) == "true_positives: a threshold is nan; expected numbers from 0 to 1. For logits use 0.");
  CHECK(message_of<InvalidArgument>([] { Recall({.top_k = 0}); }) ==
        "recall: top_k is 0; expected a positive integer.");
  CHECK(message_of<InvalidArgument>([] { Recall({.class_id = -1}); }) ==
        "recall: class_id is -1; expected the number of a class, 0 or more.");
  const Input two{{0, 1}, {1, 0}};
  CHECK(message_of<InvalidInput>([&] { Recall({.class_id = 2}).update_state(two, two); }) ==
        "recall: recall has class_id 2, but the prediction has shape (2, 2); expected a class_id below 2. Classes are "
        "numbered from 0.");
  CHECK(message_of<InvalidInput>([&] {
          Recall({.top_k = 3}).check(two, {8, 2}, "fit");
        }) ==
        "fit: recall has top_k 3, but the prediction has shape (8, 2); expected a top_k of at most 2. It counts "
        "classes, the columns of a row.");
  CHECK(
      message_of<InvalidInput>([&] {
        Precision().check({1, 0}, {2, 3}, "fit");
      }) ==
      "fit: y has shape (2,) but precision expects (2, 3). Targets have the shape of the model's output: change y, or "
      "the last layer.");
}

TEST_CASE("Thresholds are a number, a list or none in a configuration", "[metrics]") {
  const auto config = [](const Precision& metric) { return metric.get_config().find("thresholds")->to_string(); };
  CHECK(config(Precision()) == "null");
  CHECK(config(Precision({.thresholds = 0.25})) == "0.25");
  CHECK(config(Precision({.thresholds = {0.25}})) == "[0.25]");
  CHECK(config(Precision({.thresholds = std::vector<double>{0.25, 0.5}})) == "[0.25, 0.5]");
}
