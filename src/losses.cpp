#include "xeras/losses.hpp"

#include "core/family.hpp"

namespace xeras::losses {
namespace {

std::span<const FamilyRow<Loss>> family() {
  static const std::vector<FamilyRow<Loss>>& rows = *new std::vector<FamilyRow<Loss>>{
      family_row<Loss, MeanSquaredError>({"mean_squared_error", "mse", "MSE"}),
      family_row<Loss, MeanAbsoluteError>({"mean_absolute_error", "mae", "MAE"}),
      family_row<Loss, MeanAbsolutePercentageError>({"mean_absolute_percentage_error", "mape", "MAPE"}),
      family_row<Loss, MeanSquaredLogarithmicError>({"mean_squared_logarithmic_error", "msle", "MSLE"}),
      family_row<Loss, CosineSimilarity>({"cosine_similarity"}),
      family_row<Loss, Huber>({"huber"}),
      family_row<Loss, LogCosh>({"log_cosh"}),
      family_row<Loss, Hinge>({"hinge"}),
      family_row<Loss, SquaredHinge>({"squared_hinge"}),
      family_row<Loss, CategoricalHinge>({"categorical_hinge"}),
      family_row<Loss, KLDivergence>({"kl_divergence", "kld", "KLD"}),
      family_row<Loss, Poisson>({"poisson"}),
      family_row<Loss, BinaryCrossentropy>({"binary_crossentropy", "bce", "BCE"}),
      family_row<Loss, CategoricalCrossentropy>({"categorical_crossentropy"}),
      family_row<Loss, SparseCategoricalCrossentropy>({"sparse_categorical_crossentropy"}),
      family_row<Loss, BinaryFocalCrossentropy>({"binary_focal_crossentropy"}),
      family_row<Loss, CategoricalFocalCrossentropy>({"categorical_focal_crossentropy"}),
      family_row<Loss, CategoricalGeneralizedCrossEntropy>({}),
      family_row<Loss, Dice>({"dice"}),
      family_row<Loss, Tversky>({"tversky"}),
      family_row<Loss, Circle>({"circle"}),
      family_row<Loss, CTC>({"ctc"}),
  };
  return rows;
}

}  // namespace

std::shared_ptr<Loss> Loss::from_name(std::string_view name) { return make_by_name("loss", family(), name); }

std::shared_ptr<Loss> Loss::from_config(const Value& value, const std::string& path) {
  return make_from_value("loss", family(), value, path);
}

Named<Loss> get(std::string_view name) { return Loss::from_name(name); }

}  // namespace xeras::losses

template class xeras::Named<xeras::losses::Loss>;
