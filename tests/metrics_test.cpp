#include "xeras/metrics.hpp"

#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::metrics;

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
