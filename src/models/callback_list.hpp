#pragma once

#include <span>

#include "layers/node.hpp"
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
    for (const CallbackArgument& callback : callbacks_) {
      (callback.operator->()->*hook)(arguments...);
      check_model();
    }
  }
  // Calls on_train_begin, and returns the first epoch.
  std::int64_t begin_training(std::int64_t epoch) const;

 private:
  void check_model() const;

  const char* who_;
  std::span<const CallbackArgument> callbacks_;
  std::vector<Sequential*> models_before_;  // not null if a hook uses its own callback in another call
  const PlanUse& use_;
};

}  // namespace xeras
