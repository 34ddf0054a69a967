#pragma once

#include "xeras/layers/layer.hpp"
#include "xeras/losses.hpp"
#include "xeras/models/options.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

// The result of compile.
struct Compiled {
  OptimizerArgument optimizer;
  LossArgument loss;
  std::vector<MetricArgument> metrics;
  std::vector<MetricArgument> weighted_metrics;
  Scores::Names names;  // "loss", then those of the metrics
  double loss_weight = 1.0;
  std::int64_t steps_per_execution = 1;
  std::vector<Variable*> variables = {};  // the optimizer's, in its order
  bool has_stepped = false;               // the first step checks that gradients are written
};

// Checks the arguments and names the scores as Keras does.
Compiled compile(OptimizerArgument optimizer, LossArgument loss, std::vector<MetricArgument> metrics,
                 CompileOptions options);

}  // namespace xeras
