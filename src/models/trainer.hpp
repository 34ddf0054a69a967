#pragma once

#include "models/evaluator.hpp"
#include "models/progress.hpp"

namespace xeras {

// Trains: batch -> forward -> loss -> backward -> update.
class Trainer {
 public:
  explicit Trainer(Sequential& model, const char* who = "fit")
      : model_(model), who_(who), evaluator_(model, who), trained_(model.state().trained) {}

  History fit(const Input& x, const Input& y, const FitOptions& options);
  Scores train_on_batch(const Samples& samples);
  // The weights that the optimizer knows: from the first call on those that are trained then, which are also listed
  // anew. The model is built and compiled.
  const std::vector<Variable*>& variables();

  // The parts of fit, for any source of batches: while a Training lives, prepare and then fit.

  // The model is trained while one lives, and was at rest before.
  class Training {
   public:
    Training(Sequential& model, const char* who) : use_(model.state().use) {
      model.check_at_rest(who);
      use_ = {.in_training = true};
    }
    ~Training() { use_ = {}; }
    Training(const Training&) = delete;
    Training& operator=(const Training&) = delete;

   private:
    PlanUse& use_;
  };
  // The model is built, the samples fit it, and the optimizer sees the weights that it has seen before.
  void prepare(const Samples& samples);
  // Trains epoch by epoch, and evaluates `validation` where it is not null.
  History fit(Batches& batches, Batches* validation, const FitOptions& options, const CallbackList& callbacks);

 private:
  void train_epoch(Batches& batches, Workspace& workspace, const CallbackList& callbacks, Progress& progress,
                   Tally& tally);
  void step(Workspace& workspace, const Batch& batch, Tally& tally);

  Sequential& model_;
  const char* who_;
  Evaluator evaluator_;
  Trained& trained_;
};

}  // namespace xeras
