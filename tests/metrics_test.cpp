#include "xeras/metrics.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;
using Catch::Matchers::WithinRel;

namespace {

constexpr double keras_tolerance = 2e-6;  // relative; Keras computes in float

// The arrays behind the numbers from Keras: two updates, with the second row 0 alone.
const Input y_binary{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.25f}};
const Input y_right{{0.0f, 1.0f, 1.0f}, {1.0f, 0.0f, 0.0f}};
const Input p_binary{{0.1f, 0.8f, 1.0f}, {0.6f, 0.3f, 0.0f}};
const Input y_classes{{0.0f, 1.0f, 0.0f}, {0.2f, 0.3f, 0.5f}};
const Input p_classes{{0.1f, 0.7f, 0.3f}, {0.5f, 0.0f, 1.5f}};
const Input weights{0.5f, 2.0f};
const Input y_labels{1, 2, 0, 1};
const Input p_labels{{0.1f, 0.7f, 0.3f}, {0.2f, 0.3f, 0.5f}, {1.0f, 0.0f, 0.0f}, {0.9f, 0.0f, 0.3f}};
const Input label_weights{0.5f, 2.0f, 1.0f, 3.0f};

Input first_row(const Input& input) {
  const Tensor whole = input.to_tensor();
  Tensor::shape_type shape = whole.shape();
  shape[0] = 1;
  Tensor row = Tensor::from_shape(shape);
  std::copy(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(row.size()), row.begin());
  return Input(std::move(row));
}

double twice(Metric&& metric, const Input& y, const Input& p, const Input& w = {}) {
  metric.update_state(y, p, w);
  metric.update_state(first_row(y), first_row(p), w ? Input{3.0f} : Input());
  return metric.result();
}

}  // namespace

// Keras 3.15.1, numpy: m.update_state(y, p, sample_weight=w); m.update_state(y[:1], p[:1], sample_weight=[3]);
// m.result().
TEST_CASE("metrics give the numbers of Keras over several updates", "[metrics]") {
  const auto expect = [](double result, double keras) { CHECK_THAT(result, WithinRel(keras, keras_tolerance)); };
  expect(twice(MeanSquaredError(), y_binary, p_binary), 0.0458333306);
  expect(twice(MeanSquaredError(), y_binary, p_binary, weights), 0.0484848469);
  expect(twice(MeanAbsoluteError(), y_binary, p_binary), 0.172222212);
  expect(twice(MeanAbsoluteError(), y_binary, p_binary, weights), 0.178787887);
  expect(twice(BinaryCrossentropy(), y_binary, p_binary), 0.617114723);
  expect(twice(BinaryCrossentropy(), y_binary, p_binary, weights), 0.663261414);
  expect(twice(BinaryAccuracy({.threshold = 0.7}), y_right, p_binary), 0.888888896);
  expect(twice(CategoricalCrossentropy(), y_classes, p_classes), 2.05349994);
  expect(twice(CategoricalCrossentropy(), y_classes, p_classes, weights), 2.19909191);
  expect(twice(SparseCategoricalAccuracy(), y_labels, p_labels), 0.800000012);
  expect(twice(SparseCategoricalAccuracy(), y_labels, p_labels, label_weights), 0.684210539);
  expect(twice(SparseCategoricalCrossentropy(), y_labels, p_labels), 3.54304242);
  expect(twice(SparseCategoricalCrossentropy(), y_labels, p_labels, label_weights), 5.40237141);
  expect(twice(SparseCategoricalCrossentropy({.ignore_class = 1}), y_labels, p_labels, label_weights), 0.462098151);
  CHECK(twice(BinaryAccuracy(), y_right, p_binary) == 1.0);
  CHECK(twice(CategoricalAccuracy(), y_classes, p_classes, weights) == 1.0);
}

// Keras 3.15.1, jax: a y_pred (2, 3, 1) that carries a mask.
TEST_CASE("metrics leave masked rows out", "[metrics]") {
  const std::vector<float> y{1, 0, 1, 1, 0, 1}, p{0.6f, 0.2f, 0.3f, 0.8f, 0.7f, 0.1f};
  const std::vector<float> w{0.5f, 1, 2, 3, 1, 1};
  const std::vector<std::uint8_t> mask{1, 1, 0, 1, 0, 0};
  Targets targets{y.data(), p.data(), 6, 1, 1, mask.data(), nullptr};
  BinaryCrossentropy crossentropy;
  BinaryAccuracy accuracy;
  crossentropy.update(targets);
  accuracy.update(targets);
  CHECK_THAT(crossentropy.result(), WithinRel(0.319037557, keras_tolerance));
  CHECK(accuracy.result() == 1.0);
  crossentropy.reset_state();
  targets.sample_weight = w.data();
  crossentropy.update(targets);
  CHECK_THAT(crossentropy.result(), WithinRel(0.255108207, keras_tolerance));
}

TEST_CASE("metrics are 0 before the first row and where no row counts", "[metrics]") {
  MeanSquaredError metric;
  CHECK(metric.result() == 0.0);
  const float y[] = {1, std::numeric_limits<float>::quiet_NaN()}, p[] = {2, 3};
  const std::uint8_t none[] = {0, 0};
  metric.update({y, p, 2, 1, 1, none, nullptr});
  CHECK(metric.result() == 0.0);
  metric.update({y, p, 0, 1, 1, nullptr, nullptr});
  CHECK(metric.result() == 0.0);
  metric.update_state({1.0, 2.0}, {3.0, 2.0});
  CHECK(metric.result() == 2.0);
  metric.reset_state();
  CHECK(metric.result() == 0.0);
}

TEST_CASE("accuracies count what Keras counts", "[metrics]") {
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

TEST_CASE("metrics keep the string that names them", "[metrics]") {
  for (const char* name : {"accuracy", "acc", "mae", "MAE", "mean_absolute_error", "mse", "bce", "binary_accuracy",
                           "categorical_accuracy", "sparse_categorical_accuracy", "MeanSquaredError"}) {
    CHECK(get(name)->name() == name);
  }
  CHECK(get("acc")->class_name() == "AutomaticAccuracy");
  CHECK(get("Accuracy")->class_name() == "AutomaticAccuracy");
  CHECK(get("mae")->class_name() == "MeanAbsoluteError");
  CHECK(BinaryAccuracy().name() == "binary_accuracy");
  CHECK(SparseCategoricalCrossentropy().name() == "sparse_categorical_crossentropy");
  CHECK(MeanSquaredError({.name = "error"}).name() == "error");
  CHECK(message_of<InvalidArgument>([] { get("acuracy"); }) ==
        "metric \"acuracy\" is unknown; did you mean \"accuracy\"? Known: BCE, MAE, MSE, acc, accuracy, bce, "
        "binary_accuracy, binary_crossentropy, categorical_accuracy, categorical_crossentropy, mae, "
        "mean_absolute_error, mean_squared_error, mse, sparse_categorical_accuracy, sparse_categorical_crossentropy.");
}

TEST_CASE("metrics come back from their configuration", "[metrics]") {
  for (const MetricArgument& metric :
       {MetricArgument("acc"), MetricArgument(Accuracy()), MetricArgument(BinaryAccuracy({.threshold = 0.25})),
        MetricArgument(BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.1})),
        MetricArgument(SparseCategoricalCrossentropy({.name = "tags", .ignore_class = -1}))}) {
    const Value value = to_value(metric);
    CAPTURE(value.to_string());
    CHECK(to_value(MetricArgument(Metric::from_config(value, "metric"))) == value);
  }
  CHECK(Metric::from_config("mae", "metric")->name() == "mae");
}

TEST_CASE("a clone of a metric goes its own way", "[metrics]") {
  MeanSquaredError metric;
  metric.update_state({1.0}, {3.0});
  const std::shared_ptr<Metric> clone = metric.clone();
  CHECK(clone->result() == 4.0);
  clone->update_state({1.0}, {1.0});
  CHECK(clone->result() == 2.0);
  CHECK(metric.result() == 4.0);
}

TEST_CASE("metrics take options of their losses", "[metrics]") {
  BinaryCrossentropy logits({.from_logits = true, .label_smoothing = 0.2});
  logits.update_state(y_binary, p_binary);
  CHECK_THAT(logits.result(),
             WithinRel(losses::BinaryCrossentropy({.from_logits = true, .label_smoothing = 0.2})(y_binary, p_binary),
                       keras_tolerance));
  // Keras forgets ignore_class here unless there are weights; a metric is its loss all the same.
  SparseCategoricalCrossentropy ignoring({.ignore_class = 1});
  ignoring.update_state(y_labels, p_labels);
  CHECK_THAT(ignoring.result(), WithinRel(0.346573651, keras_tolerance));
  CHECK(message_of<InvalidArgument>([] { CategoricalCrossentropy({.axis = 1}); }) ==
        "categorical_crossentropy: axis is 1; expected -1, the last. Permute the axes before the loss.");
}

TEST_CASE("metrics count exactly over many rows", "[metrics]") {
  const std::size_t n = 1000;
  std::vector<float> y(n), p(n, 0.75f);
  for (std::size_t i = 0; i < n; ++i) y[i] = i % 4 == 0 ? 0.0f : 1.0f;
  BinaryAccuracy metric;
  const testing::AllocationCounter allocations;
  for (int i = 0; i < 50; ++i)
    metric.update({y.data(), p.data(), static_cast<std::int64_t>(n), 1, 1, nullptr, nullptr});
  CHECK(allocations.count() == 0);
  CHECK(metric.result() == 0.75);
}

TEST_CASE("metrics say what targets they expect", "[metrics]") {
  const auto check = [](const Metric& metric, const Input& y, const Extents& y_pred) {
    return message_of<InvalidInput>([&] { metric.check(y, y_pred, "fit"); });
  };
  const Tensor three = xt::zeros<float>({600, 3}), ten = xt::zeros<float>({600, 10});
  CHECK(check(CategoricalAccuracy(), three, {32, 10}) ==
        "fit: y has shape (600, 3) but categorical_accuracy expects (600, 10) one-hot rows. For integer classes use "
        "sparse_categorical_accuracy.");
  CHECK(check(SparseCategoricalAccuracy(), ten, {32, 10}) ==
        "fit: y has shape (600, 10) but sparse_categorical_accuracy expects (600,) class numbers. For one-hot rows use "
        "categorical_accuracy.");
  CHECK(check(*get("accuracy"), three, {32, 10}) ==
        "fit: y has shape (600, 3) but accuracy expects (600, 10) one-hot rows.");
  CHECK(check(*get("accuracy"), three, {32, 5, 10}) ==
        "fit: y has shape (600, 3) but accuracy expects (600, 5) class numbers.");
  CHECK(check(MeanSquaredError(), three, {32, 1}) ==
        "fit: y has shape (600, 3) but mean_squared_error expects (600, 1). Targets have the shape of the model's "
        "output: change y, or the last layer.");
  CHECK(check(BinaryAccuracy(), {0.0f, std::numeric_limits<float>::quiet_NaN()}, {2, 1}) ==
        "fit: y has nan at row 1; expected finite numbers. Remove or fill it.");
  CHECK(check(*get("accuracy"), {3, 255}, {2, 4}) == "nothing was thrown");
}

namespace {

// A metric of one's own, complete.
struct LargestErrorOptions {
  std::string name = "largest_error";
};
XERAS_FIELDS(LargestErrorOptions, name)

class LargestError final : public Configured<Metric, LargestErrorOptions> {
 public:
  const std::string& name() const override { return config().name; }
  void update(const Targets& t) override {
    for (std::int64_t i = 0; i < t.rows * t.pred_columns; ++i) {
      largest_ = std::max(largest_, std::abs(static_cast<double>(t.y_true[i]) - t.y_pred[i]));
    }
  }
  double result() const override { return largest_; }
  void reset_state() override { largest_ = 0.0; }
  std::shared_ptr<Metric> clone() const override { return std::make_shared<LargestError>(*this); }

 private:
  double largest_ = 0.0;
};

}  // namespace

TEST_CASE("a metric of one's own derives from Metric", "[metrics]") {
  const MetricArgument metric = LargestError();
  metric->update_state({{1.0, 2.0}}, {{1.5, 4.0}});
  CHECK(metric->result() == 2.0);
  CHECK(metric->clone()->result() == 2.0);
}

TEST_CASE("BinaryAccuracy refuses a threshold of NaN") {
  CHECK(message_of<InvalidArgument>([] { metrics::BinaryAccuracy({.threshold = std::nan("")}); }) ==
        "binary_accuracy: threshold is nan; expected a number such as 0.5.");
}
