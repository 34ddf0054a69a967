#pragma once

#include "xeras/metrics/accuracy.hpp"
#include "xeras/metrics/mean_metric.hpp"
#include "xeras/metrics/metric.hpp"
#include "xeras/metrics/probabilistic.hpp"
#include "xeras/metrics/regression.hpp"

/// The metrics, which training reports. By name ("accuracy", "mae", ...) or by object. Source: keras.metrics, whose
/// order the options have.
