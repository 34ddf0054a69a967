#pragma once

#include "xeras/losses/regression.hpp"
#include "xeras/metrics/mean_metric.hpp"

namespace xeras::metrics {

XERAS_LOSS_METRIC(MeanSquaredError, losses::MeanSquaredError, "mean_squared_error")
XERAS_LOSS_METRIC(MeanAbsoluteError, losses::MeanAbsoluteError, "mean_absolute_error")

}  // namespace xeras::metrics
