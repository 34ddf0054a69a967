#include <cmath>

#include "catch.hpp"
#include "xeras/xeras.hpp"
#include "xeras/xtensor.hpp"

using namespace xeras;
using namespace xeras::layers;
using Catch::Matchers::WithinAbs;

namespace {

constexpr double exact = 1e-6;

// A model that repeats its input, with one prediction for each step; id 0 is padding.
Sequential repeater() {
  Sequential model{Embedding(4, 1, {.mask_zero = true})};
  model.build({None, 4});
  model.set_weights({Tensor(xt::xtensor<float, 2>{{0.9f}, {0.8f}, {0.3f}, {0.6f}})});
  return model;
}

}  // namespace

TEST_CASE("fit reports metrics of a model by Keras's names", "[metrics]") {
  Sequential model{Dense(2, {.activation = "softmax", .input_shape = {3}})};
  model.compile("adam", "categorical_crossentropy",
                {"AUC", metrics::Precision({.class_id = 1}), metrics::Precision(), metrics::F1Score(), "auc"},
                {.weighted_metrics = {metrics::Recall(), "auc", "auc"}});
  const Tensor x = xt::random::rand<float>({8, 3});
  const Tensor y{{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}};
  const History history = model.fit(x, y,
                                    {.batch_size = 4,
                                     .epochs = 2,
                                     .verbose = 0,
                                     .callbacks = callbacks::EarlyStopping({.monitor = "val_AUC"}),
                                     .validation_data = {x, y}});
  for (const char* name : {"AUC", "precision", "precision_1", "f1_score", "auc", "recall", "weighted_auc",
                           "weighted_auc_1", "val_weighted_auc"}) {
    INFO(name);
    CHECK(history[name].size() == 2);
  }
}

TEST_CASE("metrics of a model leave padding out, and only weighted ones weigh", "[metrics]") {
  Sequential model = repeater();
  model.compile("sgd", "mse", {metrics::TruePositives(), metrics::RootMeanSquaredError(), metrics::Recall()},
                {.weighted_metrics = {metrics::TruePositives({.name = "weighted"})}});
  const xt::xarray<int> x{{1, 2, 0, 0}, {3, 1, 1, 0}};
  const Tensor y{{1, 1, 1, 1}, {1, 0, 1, 1}};
  const Scores scores = model.evaluate(x, y, {.verbose = 0, .sample_weight = {2.0, 0.5}});
  CHECK(scores["true_positives"] == 3.0);
  CHECK(scores["weighted"] == 3.0);  // 2 + 0.5 + 0.5
  CHECK(scores["recall"] == 0.75);
  CHECK_THAT(scores["root_mean_squared_error"], WithinAbs(std::sqrt((0.04 + 0.49 + 0.16 + 0.64 + 0.04) / 5.0), exact));
}
