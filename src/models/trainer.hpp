#pragma once

#include <memory>
#include <vector>

#include "models/batch.hpp"
#include "models/samples.hpp"
#include "models/sequential_state.hpp"
#include "models/tally.hpp"

namespace xeras {

// The training loop: batch -> forward -> loss -> backward -> update.
class Trainer {
 public:
  explicit Trainer(Sequential& model) : model_(model), trained_(model.state().trained) {}

  // What compile set; NotCompiled before that.
  static const Compiled& compiled(const Sequential& model, const char* who);

  History fit(const Input& x, const Input& y, FitOptions options);
  Scores train_on_batch(const Input& x, const Input& y, const BatchOptions& options);
  static Scores test_on_batch(const Sequential& model, const Input& x, const Input& y, const BatchOptions& options);
  // The weights that the optimizer knows: from the first call on those that are trained then, which are also listed
  // anew. The model is built and compiled.
  const std::vector<Variable*>& variables();
  static Scores evaluate(const Sequential& model, const char* who, const Input& x, const Input& y,
                         const EvaluateOptions& options);

 private:
  // One pass over a batch with its loss; with a gradient of the predictions where dp comes back.
  struct Outcome {
    Targets targets;
    Extents predictions;
    double loss = 0.0;
    float* dp = nullptr;
  };

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

  static void check_samples(const Sequential& model, const char* who, const Samples& samples);
  static Outcome forward(const Sequential& model, const char* who, Workspace& workspace, const Samples& samples,
                         const Rows& rows);
  static void evaluate_batches(const Sequential& model, const char* who, const Samples& samples,
                               std::int64_t batch_size, int verbose, Tally& tally);

  // The model is built, the data fits, and the optimizer sees the weights that it has seen before.
  void prepare(const char* who, const Samples& samples);
  void step(const char* who, Workspace& workspace, const Samples& samples, const Rows& rows, Tally& tally);
  double add_regularizers(Workspace& workspace);
  void collect_gradients(Workspace& workspace);
  // For the optimizer, which changes them.
  std::span<Parameter> parameters_to_write();

  Sequential& model_;
  Trained& trained_;
};

}  // namespace xeras
