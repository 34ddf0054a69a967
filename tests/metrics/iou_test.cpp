#include "xeras/metrics/iou.hpp"

#include <cmath>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double near = 1e-6;
const Input y{0, 0, 1, 1}, p{0, 1, 0, 1}, weights{0.3, 0.3, 0.3, 0.1};

double result_of(Metric&& metric, const Input& y_true, const Input& y_pred, const Input& sample_weight = {}) {
  metric.update_state(y_true, y_pred, sample_weight);
  return metric.result();
}

}  // namespace

// The examples of Keras's documentation.
TEST_CASE("IoU metrics give the numbers of Keras", "[metrics]") {
  CHECK_THAT(result_of(IoU({.num_classes = 2, .target_class_ids = {0}}), y, p), WithinAbs(0.33333334, near));
  CHECK_THAT(result_of(IoU({.num_classes = 2, .target_class_ids = {0}}), y, p, weights), WithinAbs(0.33333334, near));
  CHECK_THAT(result_of(MeanIoU({.num_classes = 2}), y, p), WithinAbs(0.33333334, near));
  const Input probabilities{0.1, 0.2, 0.4, 0.7};
  CHECK_THAT(result_of(BinaryIoU({.threshold = 0.3}), {0, 1, 0, 1}, probabilities), WithinAbs(0.33333334, near));
  const Input one_hot{{0, 0, 1}, {1, 0, 0}, {0, 1, 0}, {1, 0, 0}};
  const Input given{{0.2, 0.3, 0.5}, {0.1, 0.2, 0.7}, {0.5, 0.3, 0.1}, {0.1, 0.4, 0.5}};
  CHECK_THAT(result_of(OneHotIoU({.num_classes = 3, .target_class_ids = {0, 2}}), one_hot, given, {0.1, 0.2, 0.3, 0.4}),
             WithinAbs(0.07142857, near));
  CHECK_THAT(result_of(OneHotMeanIoU({.num_classes = 3}), one_hot, given, {0.1, 0.2, 0.3, 0.4}),
             WithinAbs(0.04761905, near));
}

TEST_CASE("IoU metrics average the classes that occur", "[metrics]") {
  MeanIoU mean({.num_classes = 4});
  CHECK(mean.result() == 0.0);
  mean.update_state(y, p);
  CHECK_THAT(mean.result(), WithinAbs(1.0 / 3.0, near));
  REQUIRE(mean.results().size() == 4);
  CHECK_THAT(mean.results()(1), WithinAbs(1.0 / 3.0, near));
  CHECK(mean.results()(3) == 0.0f);
  mean.reset_state();
  CHECK(mean.result() == 0.0);
  CHECK(mean.direction() == Direction::up);
  CHECK(mean.name() == "mean_io_u");
}

TEST_CASE("IoU metrics leave out numbers that are no class, ignore_class and masked rows", "[metrics]") {
  CHECK_THAT(result_of(MeanIoU({.num_classes = 2}), {0, 1, 5, -1, 1}, {0, 1, 0, 0, 9}), WithinAbs(1.0, near));
  CHECK_THAT(result_of(MeanIoU({.num_classes = 3, .ignore_class = 2}), {0, 1, 2}, {0, 1, 0}), WithinAbs(1.0, near));
  CHECK_THAT(result_of(MeanIoU({.num_classes = 2}), {0, 1}, {0.0, std::nan("")}), WithinAbs(1.0, near));
  const float truth[] = {0, 1}, given[] = {0, 0};
  const std::uint8_t mask[] = {1, 0};
  MeanIoU mean({.num_classes = 2});
  mean.update({truth, given, 2, 1, 1, mask, nullptr});
  CHECK_THAT(mean.result(), WithinAbs(1.0, near));
}

TEST_CASE("IoU metrics take one-hot rows for class numbers", "[metrics]") {
  const OneHotMeanIoU sparse({.num_classes = 2, .sparse_y_pred = true});
  CHECK_THAT(result_of(OneHotMeanIoU(sparse), {{1, 0}, {0, 1}, {0, 1}}, {0, 1, 1}), WithinAbs(1.0, near));
  const Input steps{{{1.0f, 0.0f}, {0.0f, 1.0f}}};
  CHECK_THAT(result_of(OneHotMeanIoU(sparse), steps, {{0, 1}}), WithinAbs(1.0, near));
  CHECK(message_of<InvalidInput>([&] {
          sparse.check({{1, 0}}, {1, 3}, "fit");
        }) ==
        "fit: y has shape (1, 2) but one_hot_mean_io_u expects a one-hot row for each class number of the prediction, "
        "whose shape is (1, 3).");
}

TEST_CASE("IoU metrics refuse options that do not fit", "[metrics]") {
  CHECK(message_of<InvalidArgument>([] { MeanIoU(); }) ==
        "mean_io_u: num_classes is 0; expected a number of classes from 1 to 10000.");
  CHECK(message_of<InvalidArgument>([] { IoU({.num_classes = 2}); }) ==
        "io_u: target_class_ids is empty; expected classes below 2.");
  CHECK(message_of<InvalidArgument>([] {
          IoU({.num_classes = 2, .target_class_ids = {0, 2}});
        }) == "io_u: target_class_ids has 2; expected classes from 0 to 1.");
  CHECK(message_of<InvalidArgument>([] { MeanIoU({.num_classes = 2, .axis = 1}); }) ==
        "mean_io_u: axis is 1; expected -1, the last. Permute the axes before the metric.");
}
