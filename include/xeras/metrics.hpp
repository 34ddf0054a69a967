#pragma once

#include "xeras/metrics/accuracy.hpp"
#include "xeras/metrics/mean_metric.hpp"
#include "xeras/metrics/metric.hpp"
#include "xeras/metrics/probabilistic.hpp"
#include "xeras/metrics/regression.hpp"

/// Metrics: what training reports. compile takes them by name ("accuracy", "mae", ...) or as objects. Their options
/// have Keras's order. Source: keras.metrics.
