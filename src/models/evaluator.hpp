#pragma once

#include "models/batches.hpp"
#include "models/callback_list.hpp"
#include "models/sequential_state.hpp"
#include "models/tally.hpp"

namespace xeras {

// Runs batches forward and compares the predictions with their targets.
class Evaluator {
 public:
  // One pass over a batch with its loss; with a gradient of the predictions where dp comes back.
  struct Outcome {
    Targets targets;
    Extents predictions;
    double loss = 0.0;
    float* dp = nullptr;
  };

  Evaluator(const Sequential& model, const char* who) : model_(model), who_(who) {}

  // What compile set; NotCompiled before that.
  static const Compiled& compiled(const Sequential& model, const char* who);

  // The model is built and compiled, and the samples fit it.
  void check(const Samples& samples) const;
  Outcome forward(Workspace& workspace, const Batch& batch) const;
  // All batches of an epoch.
  Scores evaluate(Batches& batches, const CallbackList& callbacks, int verbose) const;

  // Checks arrays and evaluates them. The samples have the weights, not the options.
  Scores evaluate(const Samples& samples, const EvaluateOptions& options) const;

 private:
  const Sequential& model_;
  const char* who_;
};

}  // namespace xeras
