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
  CHECK(message_of<InvalidArgument>([] { get("acuracy"); })
            .starts_with(
                "metric \"acuracy\" is unknown; did you mean \"accuracy\"? Known: BCE, MAE, MAPE, MSE, MSLE, acc, "));
}

// All names that keras.metrics.get of Keras 3.15 knows and that need no arguments.
TEST_CASE("metrics have the names of Keras", "[metrics]") {
  for (const char* name : {"AUC",
                           "auc",
                           "BinaryIoU",
                           "binary_io_u",
                           "CategoricalHinge",
                           "categorical_hinge",
                           "ConcordanceCorrelation",
                           "concordance_correlation",
                           "CosineSimilarity",
                           "cosine_similarity",
                           "F1Score",
                           "f1_score",
                           "FBetaScore",
                           "f_beta_score",
                           "FalseNegatives",
                           "false_negatives",
                           "FalsePositives",
                           "false_positives",
                           "Hinge",
                           "hinge",
                           "KLDivergence",
                           "kl_divergence",
                           "LogCoshError",
                           "log_cosh_error",
                           "MAPE",
                           "mape",
                           "MSLE",
                           "msle",
                           "mean_absolute_percentage_error",
                           "mean_squared_logarithmic_error",
                           "PearsonCorrelation",
                           "pearson_correlation",
                           "Poisson",
                           "poisson",
                           "Precision",
                           "precision",
                           "R2Score",
                           "r2_score",
                           "Recall",
                           "recall",
                           "RootMeanSquaredError",
                           "root_mean_squared_error",
                           "SparseTopKCategoricalAccuracy",
                           "sparse_top_k_categorical_accuracy",
                           "SquaredHinge",
                           "squared_hinge",
                           "TopKCategoricalAccuracy",
                           "top_k_categorical_accuracy",
                           "TrueNegatives",
                           "true_negatives",
                           "TruePositives",
                           "true_positives"}) {
    CHECK(get(name)->name() == name);
  }
  CHECK(LogCoshError().name() == "logcosh");
  CHECK(message_of<InvalidArgument>([] { get("mean_io_u"); }) ==
        "mean_io_u: num_classes is 0; expected a number of classes from 1 to 10000.");
  CHECK(message_of<InvalidArgument>([] { get("Mean"); }) ==
        "metric \"Mean\" takes values; expected a metric of targets and predictions. Use metrics::Mean outside of "
        "compile, or metrics::from_function.");
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
