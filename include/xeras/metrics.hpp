#pragma once

#include "xeras/metrics/accuracy.hpp"
#include "xeras/metrics/at_constraint.hpp"
#include "xeras/metrics/auc.hpp"
#include "xeras/metrics/confusion.hpp"
#include "xeras/metrics/confusion_counts.hpp"
#include "xeras/metrics/correlation.hpp"
#include "xeras/metrics/f_score.hpp"
#include "xeras/metrics/from_function.hpp"
#include "xeras/metrics/hinge.hpp"
#include "xeras/metrics/iou.hpp"
#include "xeras/metrics/mean_metric.hpp"
#include "xeras/metrics/metric.hpp"
#include "xeras/metrics/perplexity.hpp"
#include "xeras/metrics/probabilistic.hpp"
#include "xeras/metrics/reduction.hpp"
#include "xeras/metrics/regression.hpp"
#include "xeras/metrics/text.hpp"

/// Metrics: what training reports. compile takes them by name ("accuracy", "mae", ...) or as objects. Their options
/// have Keras's order. Source: keras.metrics.
