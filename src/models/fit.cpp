#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "models/padding.hpp"
#include "models/progress.hpp"
#include "models/trainer.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

using callbacks::Callback;

// The callbacks of one fit. They know its model for as long as it lasts.
class Hooks {
 public:
  Hooks(const std::vector<CallbackArgument>& callbacks, Sequential& model, const PlanUse& use)
      : callbacks_(callbacks), use_(use) {
    for (std::size_t i = 0; i < callbacks.size(); ++i) {
      if (callbacks[i]) continue;
      throw InvalidArgument(
          fmt::format("fit: callbacks[{}] is null; expected a callback. Leave it out, or give an object.", i));
    }
    for (const CallbackArgument& callback : callbacks) callback->set_model(&model);
  }
  ~Hooks() {
    for (const CallbackArgument& callback : callbacks_) callback->set_model(nullptr);
  }
  Hooks(const Hooks&) = delete;
  Hooks& operator=(const Hooks&) = delete;

  bool empty() const { return callbacks_.empty(); }

  template <class... Parameters>
  void call(void (Callback::*hook)(Parameters...), const auto&... arguments) const {
    for (const CallbackArgument& callback : callbacks_) {
      (callback.operator->()->*hook)(arguments...);
      check_model();
    }
  }

  // The epoch to begin with.
  std::int64_t begin(std::int64_t epoch) const {
    for (const CallbackArgument& callback : callbacks_) {
      callback->on_train_begin();
      check_model();
      epoch = callback->first_epoch(epoch);
      check_model();
    }
    return epoch;
  }

 private:
  void check_model() const {
    if (!use_.refused_move) return;
    throw Error(
        "fit: a callback moved the model that is in training, or a layer of it; expected it to stay, and it did. Take "
        "a clone, or move it after fit.");
  }

  const std::vector<CallbackArgument>& callbacks_;
  const PlanUse& use_;
};

void check_options(const FitOptions& options) {
  if (options.validation_freq <= 0) {
    throw InvalidArgument(
        fmt::format("fit: validation_freq is {}; expected a positive integer. 1 validates after every "
                    "epoch.",
                    std::int64_t{options.validation_freq}));
  }
  const auto require_count = [](const char* option, std::int64_t value, const char* meaning) {
    if (value >= 0) return;
    throw InvalidArgument(fmt::format("fit: {} is {}; expected 0 or more. It is {}.", option, value, meaning));
  };
  require_count("epochs", options.epochs, "the number of the last epoch, counted from 1");
  require_count("initial_epoch", options.initial_epoch, "how many epochs were made before");
  const double split = options.validation_split;
  if (!(split >= 0.0 && split < 1.0)) {
    throw InvalidArgument(
        fmt::format("fit: validation_split is {}; expected a fraction in [0, 1). 0.1 holds a tenth out.", split));
  }
  if (options.validation_data.x && split > 0.0) {
    throw InvalidArgument(
        "fit: validation_split and validation_data are both given; expected one of them. Leave one out.");
  }
  if (options.bucket_by_length && !options.shuffle) {
    throw InvalidArgument(
        "fit: bucket_by_length is true and shuffle is false; expected shuffle, since the samples get another order. "
        "Leave one out.");
  }
}

// How many samples are trained on: those that validation_split leaves.
std::int64_t kept_of(std::int64_t total, double split) {
  check_any("fit", total);
  if (split == 0.0) return total;
  const auto kept = static_cast<std::int64_t>(static_cast<double>(total) * (1.0 - split));
  if (kept == 0 || kept == total) {
    throw InvalidInput(
        fmt::format("fit: {} samples with validation_split = {} leave {} to train on and {} to validate "
                    "with; expected at least one of each. Bring more samples or another split.",
                    total, split, kept, total - kept));
  }
  return kept;
}

ValidationData slice(const Input& x, const Input& y, const Input& weights, std::int64_t first, std::int64_t count) {
  const auto part = [&](const Input& data) { return data ? data.rows(first, count) : Input(); };
  return {part(x), part(y), part(weights)};
}

// The names of all scores that an epoch of this fit may have.
Scores scores_to_come(const Scores& training, const FitOptions& options, bool validation) {
  const std::int64_t freq = options.validation_freq;
  const bool validates = validation && options.epochs / freq > options.initial_epoch / freq;
  return validates ? training.with(training, "val_") : training;
}

// The order of an epoch's samples, from the beginning each time, so that it does not depend on the epochs before.
void draw_order(const Input& x, std::int64_t batch_size, bool by_length, std::vector<std::int64_t>& order) {
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const RandomStream stream(next_random_seed());
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[stream.below(i, i)]);
  if (by_length) bucket_by_length(x, batch_size, RandomStream(next_random_seed()), order);
}

}  // namespace

History Trainer::fit(const Input& x, const Input& y, FitOptions options) {
  const Training guard(model_, "fit");
  check_options(options);
  Sequential::State& state = model_.state();
  const Hooks hooks(options.callbacks, model_, state.use);
  prepare("fit", {x, y, options.sample_weight, options.class_weight});

  // Held out from the end, before any shuffling, as Keras does.
  const std::int64_t total = x.length(), kept = kept_of(total, options.validation_split);
  if (options.bucket_by_length && !makes_padding_mask(model_.state().nodes)) {
    throw InvalidArgument(
        "fit: bucket_by_length is true, but the model does not mask padding; expected an Embedding with mask_zero = "
        "true in the beginning. Set mask_zero, or leave bucket_by_length out.");
  }
  const std::int64_t batch_size = batch_size_for("fit", model_.input_spec(), kept, options.batch_size);
  const std::int64_t validation_batch_size = options.validation_batch_size.value_or(options.batch_size);
  const ValidationData training = slice(x, y, options.sample_weight, 0, kept);
  const ValidationData validation =
      kept < total ? slice(x, y, options.sample_weight, kept, total - kept) : options.validation_data;
  const std::map<std::int64_t, double> no_class_weight;
  const Samples samples{training.x, training.y, training.sample_weight, options.class_weight};
  const Samples held_out{validation.x, validation.y, validation.sample_weight, no_class_weight};
  if (validation.x) {
    check_samples(model_, "fit: validation", held_out);
    check_any("fit: validation", validation.x.length());
    batch_size_for("fit: validation", model_.input_spec(), validation.x.length(), validation_batch_size);
  }

  const Compiled& compiled = *state.compiled;
  const WorkspacePool::Lease lease(state.workspaces, state.sizes.has_states);
  Workspace& workspace = *lease;
  Tally tally(compiled);
  if (options.initial_epoch < options.epochs) {
    const Scores reported = scores_to_come(tally.scores(), options, static_cast<bool>(validation.x));
    for (CallbackArgument& callback : options.callbacks) callback->check_scores(reported);
  }
  History history;
  Progress progress(options.verbose, number_of_batches(kept, batch_size));
  std::vector<std::int64_t> order;
  if (options.shuffle) order.resize(static_cast<std::size_t>(kept));
  state.stop = false;
  const std::int64_t first_epoch = hooks.begin(options.initial_epoch);
  for (std::int64_t epoch = first_epoch; epoch < options.epochs; ++epoch) {
    hooks.call(&Callback::on_epoch_begin, epoch);
    progress.epoch(epoch, options.epochs);
    draw_order(training.x, batch_size, options.bucket_by_length, order);
    tally.reset();
    std::int64_t batch = 0;
    for (std::int64_t first = 0; first < kept; first += batch_size, ++batch) {
      hooks.call(&Callback::on_train_batch_begin, batch);
      const std::int64_t count = std::min(batch_size, kept - first);
      step("fit", workspace, samples, {first, count, options.shuffle ? order.data() : nullptr}, tally);
      if (!hooks.empty()) hooks.call(&Callback::on_train_batch_end, batch, tally.scores());
      progress.batch([&] { return tally.scores(); });
      if (state.stop) break;
    }
    // Once an epoch, so that a training that a file takes up after any of them has the same bits.
    for (std::size_t i = 0; i < trained_.variables.size(); ++i) {
      compiled.optimizer->catch_up_state(i, trained_.variables[i]->to_write());
    }
    Scores scores = tally.scores();
    if (validation.x && (epoch + 1) % options.validation_freq == 0) {
      Tally held_out_tally = Tally::with_copies(compiled);
      evaluate_batches(model_, "fit: validation", held_out, validation_batch_size, 0, held_out_tally);
      scores = scores.with(held_out_tally.scores(), "val_");
    }
    progress.end(scores);
    history.append(epoch, scores);
    hooks.call(&Callback::on_epoch_end, epoch, scores);
    if (state.stop) break;
  }
  compiled.optimizer->finalize(parameters_to_write());
  hooks.call(&Callback::on_train_end);
  return history;
}

}  // namespace xeras
