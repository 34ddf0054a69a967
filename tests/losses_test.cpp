#include "xeras/losses.hpp"

#include "catch.hpp"
#include "support/allocation_counter.hpp"
#include "support/check_loss.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using namespace xeras::losses;
using namespace xeras::testing;

TEST_CASE("losses have the names of Keras", "[losses]") {
  for (const char* name : {"mse", "MSE", "mean_squared_error", "MeanSquaredError"}) {
    CHECK(get(name)->class_name() == "MeanSquaredError");
  }
  for (const char* name : {"mae", "MAE", "mean_absolute_error", "MeanAbsoluteError"}) {
    CHECK(get(name)->class_name() == "MeanAbsoluteError");
  }
  for (const char* name : {"bce", "BCE", "binary_crossentropy", "BinaryCrossentropy"}) {
    CHECK(get(name)->class_name() == "BinaryCrossentropy");
  }
  for (const auto& [name, class_name] : std::vector<std::pair<const char*, const char*>>{
           {"mape", "MeanAbsolutePercentageError"},
           {"MAPE", "MeanAbsolutePercentageError"},
           {"mean_absolute_percentage_error", "MeanAbsolutePercentageError"},
           {"msle", "MeanSquaredLogarithmicError"},
           {"MSLE", "MeanSquaredLogarithmicError"},
           {"mean_squared_logarithmic_error", "MeanSquaredLogarithmicError"},
           {"cosine_similarity", "CosineSimilarity"},
           {"huber", "Huber"},
           {"log_cosh", "LogCosh"},
           {"hinge", "Hinge"},
           {"squared_hinge", "SquaredHinge"},
           {"categorical_hinge", "CategoricalHinge"},
           {"kld", "KLDivergence"},
           {"KLD", "KLDivergence"},
           {"kl_divergence", "KLDivergence"},
           {"poisson", "Poisson"},
           {"categorical_crossentropy", "CategoricalCrossentropy"},
           {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"},
           {"binary_focal_crossentropy", "BinaryFocalCrossentropy"},
           {"categorical_focal_crossentropy", "CategoricalFocalCrossentropy"},
           {"dice", "Dice"},
           {"tversky", "Tversky"},
           {"circle", "Circle"},
           {"ctc", "CTC"},
           {"CategoricalGeneralizedCrossEntropy", "CategoricalGeneralizedCrossEntropy"},
       }) {
    CHECK(get(name)->class_name() == class_name);
    CHECK(get(class_name)->class_name() == class_name);
  }
  CHECK(get("mse")({1.0, 2.0}, {1.0, 4.0}) == 2.0);
  CHECK(message_of<InvalidArgument>([] { get("mean_sqared_error"); }) ==
        "loss \"mean_sqared_error\" is unknown; did you mean \"mean_squared_error\"? Known: BCE, KLD, MAE, MAPE, MSE, "
        "MSLE, bce, binary_crossentropy, binary_focal_crossentropy, categorical_crossentropy, "
        "categorical_focal_crossentropy, categorical_hinge, circle, cosine_similarity, ctc, dice, hinge, huber, "
        "kl_divergence, kld, log_cosh, mae, mape, mean_absolute_error, mean_absolute_percentage_error, "
        "mean_squared_error, mean_squared_logarithmic_error, mse, msle, poisson, sparse_categorical_crossentropy, "
        "squared_hinge, tversky.");
}

TEST_CASE("losses come back from their configuration", "[losses]") {
  const LossArgument loss =
      SparseCategoricalCrossentropy({.from_logits = true, .ignore_class = 255, .reduction = "sum"});
  const Value value = to_value(loss);
  CHECK(value.to_string() ==
        R"({"class_name": "SparseCategoricalCrossentropy", "config": {"from_logits": true, "ignore_class": 255, )"
        R"("reduction": "sum", "axis": -1, "name": "sparse_categorical_crossentropy"}})");
  CHECK(Loss::from_config(value, "loss")->get_config() == loss->get_config());
  CHECK(Loss::from_config("mse", "loss")->class_name() == "MeanSquaredError");
}

TEST_CASE("losses allocate nothing for a batch", "[losses]") {
  LossBatch batch = wide(300);
  batch.mask = {1, 0, 1};
  batch.weight = {1, 2, 3};
  std::vector<float> scratch, dp(batch.p.size());
  Targets targets = batch.targets();
  for (const char* name : {"mse",
                           "mae",
                           "mape",
                           "msle",
                           "cosine_similarity",
                           "huber",
                           "log_cosh",
                           "hinge",
                           "squared_hinge",
                           "categorical_hinge",
                           "kld",
                           "poisson",
                           "bce",
                           "binary_focal_crossentropy",
                           "categorical_crossentropy",
                           "categorical_focal_crossentropy",
                           "dice",
                           "tversky",
                           "sparse_categorical_crossentropy",
                           "CategoricalGeneralizedCrossEntropy",
                           "circle",
                           "ctc"}) {
    CAPTURE(name);
    const LossArgument loss = name;
    if (loss->class_name() == "SparseCategoricalCrossentropy") targets.true_columns = targets.true_size = 1;
    scratch.resize(static_cast<std::size_t>(loss->scratch_size(targets)));
    loss->compute(targets, scratch.data(), dp.data());  // the first call chooses the kernels
    const testing::AllocationCounter allocations;
    loss->compute(targets, scratch.data(), dp.data());
    loss->compute(targets, scratch.data(), nullptr);
    CHECK(allocations.count() == 0);
  }
}
