#pragma once

#include "models/evaluator.hpp"
#include "models/progress.hpp"

namespace xeras {

// The training loop: batch -> forward -> loss -> backward -> update.
class Trainer {
 public:
  explicit Trainer(Sequential& model, const char* who = "fit")
      : model_(model), who_(who), evaluator_(model, who), trained_(model.state().trained) {}

  History fit(const Input& x, const Input& y, const FitOptions& options);
  History fit(data::Dataset& dataset, const FitOptions& options);
  Scores train_on_batch(const Samples& samples);
  // Returns the optimizer's weights: those that were trainable in the first call. Lists the trainable weights again.
  // The model must be built and compiled.
  const std::vector<Variable*>& variables();

  // The parts of fit, for any source of batches: create a Training, then call prepare and fit.

  // Marks the model as in training during its lifetime. Throws Error while a call uses the model.
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
  // Builds the model if necessary. Throws unless the samples fit it and the trainable weights are the optimizer's.
  void prepare(const Samples& samples);
  // The part of it that needs no samples.
  void prepare_weights();
  // Trains epoch by epoch, and evaluates `validation` unless it is null.
  History fit(Batches& batches, Batches* validation, const FitOptions& options, const CallbackList& callbacks);

 private:
  // Returns the arguments that have to be equal in all processes that share a fit. Throws Error for a stateful layer.
  std::string arguments_of(const FitOptions& options, const Input& x, const Input& y) const;
  History fit(const Input& x, const Input& y, const FitOptions& options, SharedCall& call);
  History fit(data::Dataset& dataset, const FitOptions& options, SharedCall& call);
  void require_loss_of_layer() const;
  // Returns the batches to validate with: those of held_out, unless it is empty, or of the options; null without any.
  std::unique_ptr<Batches> validation_batches(Samples held_out, const FitOptions& options) const;
  // Continues the pass over the data of an interrupted fit, if there is one and its next epoch is this one.
  void resume_pass(Batches& batches, std::int64_t epoch);
  // Trains on the batches of an epoch, which has begun, or until `stops` is true after one.
  void train_epoch(Batches& batches, Workspace& workspace, const CallbackList& callbacks, Progress& progress,
                   Tally& tally, const std::function<bool()>& stops);
  void step(Workspace& workspace, const Batch& batch, Tally& tally);

  Sequential& model_;
  const char* who_;
  Evaluator evaluator_;
  Trained& trained_;
};

}  // namespace xeras
