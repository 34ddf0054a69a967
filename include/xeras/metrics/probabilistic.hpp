#pragma once

#include "xeras/losses/probabilistic.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

struct BinaryCrossentropyOptions {
  std::string name = "binary_crossentropy";
  bool from_logits = false;
  double label_smoothing = 0.0;
};
XERAS_FIELDS(BinaryCrossentropyOptions, name, from_logits, label_smoothing)

/// The mean of the loss: model.compile("adam", "mse", metrics::BinaryCrossentropy({.from_logits = true}));
XERAS_LOSS_METRIC(BinaryCrossentropy, losses::BinaryCrossentropy)

struct CategoricalCrossentropyOptions {
  std::string name = "categorical_crossentropy";
  bool from_logits = false;
  double label_smoothing = 0.0;
  std::int64_t axis = -1;
};
XERAS_FIELDS(CategoricalCrossentropyOptions, name, from_logits, label_smoothing, axis)

/// The mean of the loss: model.compile("adam", "mse", metrics::CategoricalCrossentropy({.from_logits = true}));
XERAS_LOSS_METRIC(CategoricalCrossentropy, losses::CategoricalCrossentropy)

/// The mean of the loss: model.compile("adam", "mse", metrics::KLDivergence());
XERAS_LOSS_METRIC(KLDivergence, losses::KLDivergence, "kl_divergence")
/// The mean of the loss: model.compile("adam", "mse", metrics::Poisson());
XERAS_LOSS_METRIC(Poisson, losses::Poisson, "poisson")

struct SparseCategoricalCrossentropyOptions {
  std::string name = "sparse_categorical_crossentropy";
  bool from_logits = false;
  std::optional<std::int64_t> ignore_class = {};
  std::int64_t axis = -1;
};
XERAS_FIELDS(SparseCategoricalCrossentropyOptions, name, from_logits, ignore_class, axis)

/// The mean of the loss: model.compile("adam", "mse", metrics::SparseCategoricalCrossentropy({.ignore_class = -1}));
XERAS_LOSS_METRIC(SparseCategoricalCrossentropy, losses::SparseCategoricalCrossentropy)

}  // namespace xeras::metrics
