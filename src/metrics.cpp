#include "xeras/metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/family.hpp"

namespace xeras::metrics {
namespace {

std::span<const FamilyRow<Metric>> family() {
  static const std::vector<FamilyRow<Metric>>& rows = *new std::vector<FamilyRow<Metric>>{
      family_row<Metric, AutomaticAccuracy>({"accuracy", "acc"}),
      family_row<Metric, Accuracy>({}),
      family_row<Metric, BinaryAccuracy>({"binary_accuracy"}),
      family_row<Metric, CategoricalAccuracy>({"categorical_accuracy"}),
      family_row<Metric, SparseCategoricalAccuracy>({"sparse_categorical_accuracy"}),
      family_row<Metric, TopKCategoricalAccuracy>({"top_k_categorical_accuracy"}),
      family_row<Metric, SparseTopKCategoricalAccuracy>({"sparse_top_k_categorical_accuracy"}),
      family_row<Metric, Precision>({"precision"}),
      family_row<Metric, Recall>({"recall"}),
      family_row<Metric, TruePositives>({"true_positives"}),
      family_row<Metric, FalsePositives>({"false_positives"}),
      family_row<Metric, TrueNegatives>({"true_negatives"}),
      family_row<Metric, FalseNegatives>({"false_negatives"}),
      family_row<Metric, AUC>({"auc"}),
      family_row<Metric, SensitivityAtSpecificity>({"sensitivity_at_specificity"}),
      family_row<Metric, SpecificityAtSensitivity>({"specificity_at_sensitivity"}),
      family_row<Metric, PrecisionAtRecall>({"precision_at_recall"}),
      family_row<Metric, RecallAtPrecision>({"recall_at_precision"}),
      family_row<Metric, F1Score>({"f1_score"}),
      family_row<Metric, FBetaScore>({"f_beta_score"}),
      family_row<Metric, IoU>({"io_u"}),
      family_row<Metric, BinaryIoU>({"binary_io_u"}),
      family_row<Metric, MeanIoU>({"mean_io_u"}),
      family_row<Metric, OneHotIoU>({"one_hot_io_u"}),
      family_row<Metric, OneHotMeanIoU>({"one_hot_mean_io_u"}),
      family_row<Metric, PearsonCorrelation>({"pearson_correlation"}),
      family_row<Metric, ConcordanceCorrelation>({"concordance_correlation"}),
      family_row<Metric, RootMeanSquaredError>({"root_mean_squared_error"}),
      family_row<Metric, R2Score>({"r2_score"}),
      family_row<Metric, MeanSquaredError>({"mean_squared_error", "mse", "MSE"}),
      family_row<Metric, MeanAbsoluteError>({"mean_absolute_error", "mae", "MAE"}),
      family_row<Metric, MeanAbsolutePercentageError>({"mean_absolute_percentage_error", "mape", "MAPE"}),
      family_row<Metric, MeanSquaredLogarithmicError>({"mean_squared_logarithmic_error", "msle", "MSLE"}),
      family_row<Metric, LogCoshError>({"log_cosh_error"}),
      family_row<Metric, CosineSimilarity>({"cosine_similarity"}),
      family_row<Metric, Hinge>({"hinge"}),
      family_row<Metric, SquaredHinge>({"squared_hinge"}),
      family_row<Metric, CategoricalHinge>({"categorical_hinge"}),
      family_row<Metric, KLDivergence>({"kl_divergence"}),
      family_row<Metric, Poisson>({"poisson"}),
      family_row<Metric, BinaryCrossentropy>({"binary_crossentropy", "bce", "BCE"}),
      family_row<Metric, CategoricalCrossentropy>({"categorical_crossentropy"}),
      family_row<Metric, SparseCategoricalCrossentropy>({"sparse_categorical_crossentropy"}),
      family_row<Metric, Perplexity>({"perplexity"}),
  };
  return rows;
}

// Names of Keras that are no metrics of targets and predictions.
void refuse_values(std::string_view name) {
  const bool is_mean = name == "Mean" || name == "mean";
  if (!is_mean && name != "Sum" && name != "sum") return;
  throw InvalidArgument(
      fmt::format("metric \"{0}\" takes values; expected a metric of targets and predictions. Use "
                  "metrics::{1} outside of compile, or metrics::from_function.",
                  name, is_mean ? "Mean" : "Sum"));
}

}  // namespace

std::shared_ptr<Metric> Metric::from_name(std::string_view name) {
  refuse_values(name);
  const std::string_view meant = name == "Accuracy" ? "accuracy" : name;  // as in Keras, not the class of that name
  for (const FamilyRow<Metric>& row : family()) {
    if (row.class_name != meant && std::find(row.names.begin(), row.names.end(), meant) == row.names.end()) continue;
    return row.make(Value::Dict{{"name", std::string(name)}}, std::string(name));
  }
  return make_by_name("metric", family(), name);  // throws, with the known names
}

std::shared_ptr<Metric> Metric::from_config(const Value& value, const std::string& path) {
  if (const std::string* name = value.get_if<std::string>()) return from_name(*name);
  return make_from_value("metric", family(), value, path);
}

Named<Metric> get(std::string_view name) { return Metric::from_name(name); }

}  // namespace xeras::metrics

template class xeras::Named<xeras::metrics::Metric>;
