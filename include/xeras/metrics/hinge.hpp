#pragma once

#include "xeras/losses/hinge.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The mean of the loss: model.compile("adam", "hinge", metrics::Hinge({.name = "margin"}));
XERAS_LOSS_METRIC(Hinge, losses::Hinge, "hinge")
/// The mean of the loss: model.compile("adam", "hinge", metrics::SquaredHinge());
XERAS_LOSS_METRIC(SquaredHinge, losses::SquaredHinge, "squared_hinge")
/// The mean of the loss: model.compile("adam", "hinge", metrics::CategoricalHinge());
XERAS_LOSS_METRIC(CategoricalHinge, losses::CategoricalHinge, "categorical_hinge")

}  // namespace xeras::metrics
