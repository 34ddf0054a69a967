#pragma once

#include "models/batches.hpp"
#include "models/callback_list.hpp"
#include "models/sequential_state.hpp"
#include "models/shared_call.hpp"
#include "models/tally.hpp"

namespace xeras {

// Computes predictions of batches and compares them with their targets.
class Evaluator {
 public:
  // The result of a pass over a batch: its loss, and in training dp, the gradient of the predictions. If the last layer
  // gives the loss, there are no predictions: targets.y_pred is null, and dp is the gradient of the losses of rows.
  // Processes that share a batch have the targets and the loss of all its samples, and predictions and dp of their own.
  struct Outcome {
    Targets targets;
    Extents predictions;
    double loss = 0.0;
    float* dp = nullptr;
    bool is_part = false;
  };

  Evaluator(const Sequential& model, const char* who) : model_(model), who_(who) {}

  // Throws NotCompiled before compile.
  static const Compiled& compiled(const Sequential& model, const char* who);

  // Throws unless the model is built and compiled and the samples fit it.
  void check(const Samples& samples) const;
  // Throws ShapeError unless the model is built.
  void check_built() const;
  Outcome forward(Workspace& workspace, const Batch& batch) const;
  // Evaluates all batches of an epoch, or until `stops` is true after one.
  Scores evaluate(
      Batches& batches, const CallbackList& callbacks, int verbose,
      const std::function<bool()>& stops = [] { return false; }) const;
  // Checks arrays and evaluates them. Uses the weights in `samples`, not in `options`.
  Scores evaluate(const Samples& samples, const EvaluateOptions& options) const;
  Scores evaluate(data::Dataset& dataset, const EvaluateOptions& options) const;

 private:
  Scores evaluate(const Samples& samples, const EvaluateOptions& options, SharedCall& call) const;
  Scores evaluate(data::Dataset& dataset, const EvaluateOptions& options, SharedCall& call) const;

  const Sequential& model_;
  const char* who_;
};

}  // namespace xeras
