#pragma once

#include "xeras/losses/regression.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

/// The mean of the loss: model.compile("adam", "mae", metrics::MeanSquaredError({.name = "error"}));
XERAS_LOSS_METRIC(MeanSquaredError, losses::MeanSquaredError, "mean_squared_error")
/// The mean of the loss: model.compile("adam", "mse", metrics::MeanAbsoluteError({.name = "error"}));
XERAS_LOSS_METRIC(MeanAbsoluteError, losses::MeanAbsoluteError, "mean_absolute_error")

}  // namespace xeras::metrics
