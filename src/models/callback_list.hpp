#pragma once

#include <span>

#include "layers/node.hpp"
#include "models/batches.hpp"
#include "models/shared_model.hpp"
#include "xeras/callbacks/callback.hpp"

namespace xeras {

// The callbacks of one call of a model. Their model() is valid during the list's lifetime.
class CallbackList {
 public:
  // Throws InvalidArgument, with `who` first, for a null callback.
  CallbackList(const char* who, std::span<const CallbackArgument> callbacks, const Sequential& model,
               const PlanUse& use);
  ~CallbackList();
  CallbackList(const CallbackList&) = delete;
  CallbackList& operator=(const CallbackList&) = delete;

  bool empty() const { return callbacks_.empty(); }

  // Calls a hook of each callback. Throws Error when one moves the model.
  template <class... Parameters>
  void call(void (callbacks::Callback::*hook)(Parameters...), const auto&... arguments) const {
    lead([&] {
      for (const CallbackArgument& callback : callbacks_) {
        (callback.operator->()->*hook)(arguments...);
        check_model();
      }
    });
  }
  // Calls check_scores with the names of all scores that an epoch may have.
  void check_scores(Scores reported) const;
  // Calls on_train_begin, and returns the first epoch.
  std::int64_t begin_training(std::int64_t epoch) const;
  // Skips the batches at the beginning of an epoch that an interrupted fit has trained. Returns their number.
  std::int64_t skip_batches(Batches& batches) const;
  // Calls on_epoch_end of each callback, after it has added to the logs.
  void end_epoch(std::int64_t epoch, Scores& logs) const;

 private:
  // Runs hooks. Of processes that share the call only the first one does, alone, and the others follow its changes to
  // the model.
  template <class Hooks>
  void lead(const Hooks& hooks) const {
    if (processes_ == nullptr || callbacks_.empty()) return hooks();
    const ModelMarks before = marks();
    if (processes_->id() == 0) {
      const WorkingAlone alone;
      hooks();
    }
    follow(before);
  }
  ModelMarks marks() const;
  void follow(const ModelMarks& before) const;
  void check_model() const;

  const char* who_;
  std::span<const CallbackArgument> callbacks_;
  Processes* processes_ = processes();
  Sequential& model_;
  std::vector<Sequential*> models_before_;  // not null if a hook uses its own callback in another call
  const PlanUse& use_;
  int exceptions_before_;
};

}  // namespace xeras
