#include "xeras/metrics.hpp"

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
      family_row<Metric, MeanSquaredError>({"mean_squared_error", "mse", "MSE"}),
      family_row<Metric, MeanAbsoluteError>({"mean_absolute_error", "mae", "MAE"}),
      family_row<Metric, BinaryCrossentropy>({"binary_crossentropy", "bce", "BCE"}),
      family_row<Metric, CategoricalCrossentropy>({"categorical_crossentropy"}),
      family_row<Metric, SparseCategoricalCrossentropy>({"sparse_categorical_crossentropy"}),
  };
  return rows;
}

}  // namespace

std::shared_ptr<Metric> Metric::from_name(std::string_view name) {
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
