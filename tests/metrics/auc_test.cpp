#include "xeras/metrics/auc.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double near = 1e-6;
const Input y{0, 0, 1, 1}, p{0.0, 0.5, 0.3, 0.9};

double result_of(AUC metric, const Input& weights = {}) {
  metric.update_state(y, p, weights);
  return metric.result();
}

}  // namespace

TEST_CASE("AUC is the area under the curve", "[metrics]") {
  CHECK_THAT(result_of(AUC({.num_thresholds = 3})), WithinAbs(0.75, near));
  CHECK_THAT(result_of(AUC({.num_thresholds = 3}), {1, 0, 0, 1}), WithinAbs(1.0, near));
  CHECK(AUC().result() == 0.0);
  CHECK(AUC().direction() == Direction::up);
  CHECK(AUC().name() == "auc");
  AUC logits({.from_logits = true});
  logits.update_state({0, 1}, {-30.0, 30.0});
  CHECK_THAT(logits.result(), WithinAbs(1.0, near));
}

TEST_CASE("AUC of many labels has one result for each of them", "[metrics]") {
  AUC auc({.multi_label = true, .label_weights = {1.0, 3.0}});
  CHECK(auc.results().size() == 0);
  CHECK(auc.result() == 0.0);
  auc.update_state({{0, 1}, {1, 0}}, {{0.1, 0.2}, {0.8, 0.9}});
  CHECK_THAT(auc.results()(0), WithinAbs(1.0, near));
  CHECK_THAT(auc.results()(1), WithinAbs(0.0, near));
  CHECK_THAT(auc.result(), WithinAbs(0.25, near));
  auc.reset_state();
  CHECK(auc.result() == 0.0);
}

TEST_CASE("AUC leaves masked rows out", "[metrics]") {
  const float truth[] = {0, 1, 1}, given[] = {0.1f, 0.9f, 0.05f};
  const std::uint8_t mask[] = {1, 1, 0};
  AUC auc;
  auc.update({truth, given, 3, 1, 1, mask, nullptr});
  CHECK_THAT(auc.result(), WithinAbs(1.0, near));
}

TEST_CASE("AUC completes its options as Keras does", "[metrics]") {
  CHECK(
      AUC().get_config().to_string() ==
      R"({"num_thresholds": 200, "curve": "ROC", "summation_method": "interpolation", "name": "auc", )"
      R"("thresholds": null, "multi_label": false, "num_labels": null, "label_weights": null, "from_logits": false})");
  const AUC auc({.curve = "pr", .summation_method = "Minoring", .thresholds = {0.7, 0.2}});
  CHECK(auc.config().curve == "PR");
  CHECK(auc.config().summation_method == "minoring");
  CHECK(auc.config().num_thresholds == 4);
  CHECK(auc.get_config().find("thresholds")->to_string() == "[0.2, 0.7]");
}

TEST_CASE("AUC allocates nothing for a batch", "[metrics]") {
  const std::vector<float> truth(600, 1.0f), given(600, 0.75f);
  const Targets targets{truth.data(), given.data(), 200, 3, 3, nullptr, nullptr};
  AUC auc({.multi_label = true});
  auc.update(targets);
  const testing::AllocationCounter allocations;
  auc.update(targets);
  CHECK(auc.result() == 0.0);
  CHECK(allocations.count() == 0);
}

TEST_CASE("AUC refuses options that do not fit", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { AUC({.curve = "ROCK"}); }) ==
        "auc: curve \"ROCK\" is unknown; did you mean \"ROC\"? Known: PR, PRGAIN, ROC.");
  CHECK(message_of<InvalidArgument>([] { AUC({.summation_method = "exact"}); }) ==
        "auc: summation_method \"exact\" is unknown; expected one of the known names. Known: interpolation, majoring, "
        "minoring.");
  CHECK(message_of<InvalidArgument>([] { AUC({.num_thresholds = 1}); }) ==
        "auc: num_thresholds is 1; expected an integer from 2 to 1000000. Keras's default is 200.");
  CHECK(message_of<InvalidArgument>([] { AUC({.thresholds = {-0.5}}); }) ==
        "auc: a threshold is -0.5; expected numbers from 0 to 1. For logits set from_logits.");
  CHECK(message_of<InvalidArgument>([] { AUC({.num_labels = 2}); }) ==
        "auc: num_labels is 2, but multi_label is false; expected none. Set multi_label to true.");
  CHECK(message_of<InvalidArgument>([] { AUC({.multi_label = true, .num_labels = -2}); }) ==
        "auc: num_labels is -2; expected a positive integer.");
  const Input two{{0, 1}, {1, 0}};
  CHECK(message_of<InvalidInput>([&] {
          AUC({.multi_label = true, .num_labels = 3}).check(two, {2, 2}, "fit");
        }) == "fit: auc has 3 num_labels, but the prediction has shape (2, 2); expected one for each column, 2.");
  CHECK(message_of<InvalidInput>([&] {
          AUC({.label_weights = {1.0}}).check(two, {2, 2}, "fit");
        }) == "fit: auc has 1 label_weights, but the prediction has shape (2, 2); expected one for each column, 2.");
  AUC auc({.multi_label = true});
  auc.update_state(two, two);
  CHECK(message_of<InvalidInput>([&] {
          auc.update_state({{0, 1, 1}}, {{0, 1, 1}});
        }) == "auc: the prediction has 3 columns, and that of an earlier batch 2; expected the same number.");
}

TEST_CASE("AUC continues from the numbers of its state, and from none that do not fit") {
  const auto make = [] {
    return metrics::AUC({.num_thresholds = 5, .multi_label = true, .label_weights = {1.0, 3.0}});
  };
  metrics::AUC first = make();
  first.update_state({{1, 0}, {0, 1}}, {{0.9, 0.6}, {0.3, 0.5}});
  std::vector<double> numbers;
  CHECK(first.visit_state([&](double& number) { numbers.push_back(number); }));
  CHECK(numbers.size() == 1 + 2 * 2 * 6);
  const auto continued = [&](const std::vector<double>& from) {
    metrics::AUC second = make();
    std::size_t next = 0;
    second.visit_state([&](double& number) { number = next < from.size() ? from[next++] : 0.0; });
    return second;
  };
  metrics::AUC second = continued(numbers);
  CHECK(second.result() == first.result());
  for (metrics::AUC* const metric : {&first, &second}) metric->update_state({{0, 0}, {1, 1}}, {{0.8, 0.2}, {0.4, 0.9}});
  CHECK(second.result() == first.result());
  for (const double length : {-1.0, 3.0, 18.0, 1e300, std::nan("")}) {
    CHECK(continued({length, 1.0, 1.0}).result() == 0.0);
  }
}
