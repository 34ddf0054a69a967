#include "models/callback_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>

#include "models/sequential_parts.hpp"
#include "models/tally.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

using callbacks::Callback;

// The const_cast lets hooks change weights in const calls, too, as other owners of the model may.
CallbackList::CallbackList(const char* who, std::span<const CallbackArgument> callbacks, const Sequential& model,
                           const PlanUse& use)
    : who_(who),
      callbacks_(callbacks),
      model_(const_cast<Sequential&>(model)),
      use_(use),
      exceptions_before_(std::uncaught_exceptions()) {
  if (callbacks.empty()) return;
  for (std::size_t i = 0; i < callbacks.size(); ++i) {
    if (callbacks[i]) continue;
    throw InvalidArgument(
        fmt::format("{}: callbacks[{}] is null; expected a callback. Leave it out, or give an object.", who, i));
  }
  if (!use.in_training) use.refused_move = false;
  models_before_.resize(callbacks.size());
  for (std::size_t i = 0; i < callbacks.size(); ++i) {
    models_before_[i] = callbacks[i]->set_model(&const_cast<Sequential&>(model));
  }
}

CallbackList::~CallbackList() {
  const bool has_failed = std::uncaught_exceptions() > exceptions_before_;
  for (std::size_t i = models_before_.size(); i-- > 0;) {
    try {
      if (has_failed) callbacks_[i]->on_exception();
    } catch (...) {
      // The first exception is the one to report.
    }
    callbacks_[i]->set_model(models_before_[i]);
  }
}

std::int64_t CallbackList::begin_training(std::int64_t epoch) const {
  lead([&] {
    for (const CallbackArgument& callback : callbacks_) {
      callback->on_train_begin();
      check_model();
      epoch = callback->first_epoch(epoch);
      check_model();
    }
  });
  if (processes_ != nullptr) processes_->broadcast(&epoch, sizeof epoch);
  return epoch;
}

void CallbackList::check_scores(Scores reported) const {
  for (const CallbackArgument& callback : callbacks_) {
    callback->add_logs(reported);
    callback->check_scores(reported);
  }
}

std::int64_t CallbackList::skip_batches(Batches& batches) const {
  std::int64_t first = 0, skipped = 0;
  lead([&] {
    for (const CallbackArgument& callback : callbacks_) first = std::max(first, callback->first_batch());
  });
  if (processes_ != nullptr) processes_->broadcast(&first, sizeof first);
  while (skipped < first && batches.next()) ++skipped;
  if (skipped < first) {
    throw InvalidInput(
        fmt::format("{}: the interrupted fit has trained {} batches of this epoch, and there are {}; expected its "
                    "data. Pass the same data and batch_size.",
                    who_, first, skipped));
  }
  if (first > 0) call(&Callback::on_batches_skipped);
  if (Tally* const tally = SequentialParts::state(model_).tally; first > 0 && processes_ != nullptr) {
    tally->visit_state([&](double& number) { processes_->broadcast(&number, sizeof number); });
  }
  return first;
}

void CallbackList::end_epoch(std::int64_t epoch, Scores& logs) const {
  lead([&] {
    for (const CallbackArgument& callback : callbacks_) {
      callback->add_logs(logs);
      check_model();
      callback->on_epoch_end(epoch, logs);
      check_model();
    }
  });
  if (processes_ != nullptr && !callbacks_.empty()) broadcast_scores(*processes_, logs);
}

ModelMarks CallbackList::marks() const { return ModelMarks(SequentialParts::state(model_).nodes); }

void CallbackList::follow(const ModelMarks& before) const {
  auto& state = SequentialParts::state(model_);
  before.follow(*processes_, state.nodes, state.compiled ? state.compiled->optimizer.operator->() : nullptr,
                state.stop);
}

void CallbackList::check_model() const {
  if (!use_.refused_move) return;
  throw Error(
      fmt::format("{0}: a callback moved the model in {1}, or one of its layers; expected no move, and none was made. "
                  "Move a clone, or move it after {0}.",
                  who_, use_.in_training ? "training" : "use"));
}

}  // namespace xeras
