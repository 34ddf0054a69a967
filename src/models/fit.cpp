#include <fmt/format.h>

#include "models/array_batches.hpp"
#include "models/padding.hpp"
#include "models/trainer.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

using callbacks::Callback;

constexpr const char* validating = "fit: validation";

void check_options(const FitOptions& options) {
  if (options.validation_freq <= 0) {
    throw InvalidArgument(
        fmt::format("fit: validation_freq is {}; expected a positive integer. 1 validates after every epoch.",
                    std::int64_t{options.validation_freq}));
  }
  const auto require_count = [](const char* option, std::int64_t value, const char* meaning) {
    if (value >= 0) return;
    throw InvalidArgument(fmt::format("fit: {} is {}; expected 0 or more. It is {}.", option, value, meaning));
  };
  require_count("epochs", options.epochs, "the number of the last epoch, counted from 1");
  require_count("initial_epoch", options.initial_epoch, "the number of epochs already trained");
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
        "fit: bucket_by_length is true and shuffle is false; expected shuffle, since it reorders the samples. Leave "
        "one out.");
  }
}

// Returns the number of samples to train on: those that validation_split leaves.
std::int64_t kept_of(std::int64_t total, double split) {
  check_any("fit", total);
  if (split == 0.0) return total;
  const auto kept = static_cast<std::int64_t>(static_cast<double>(total) * (1.0 - split));
  if (kept == 0 || kept == total) {
    throw InvalidInput(
        fmt::format("fit: {} samples with validation_split = {} leave {} to train on and {} to validate with; expected "
                    "at least one of each. Pass more samples or another split.",
                    total, split, kept, total - kept));
  }
  return kept;
}

// Returns the names of all scores that an epoch of this fit may have.
Scores scores_to_come(const Scores& training, const FitOptions& options, bool validation) {
  const std::int64_t freq = options.validation_freq;
  const bool validates = validation && options.epochs / freq > options.initial_epoch / freq;
  return validates ? training.with(training, "val_") : training;
}

}  // namespace

History Trainer::fit(const Input& x, const Input& y, const FitOptions& options) {
  const Training guard(model_, who_);
  check_options(options);
  const CallbackList callbacks(who_, options.callbacks, model_, model_.state().use);
  const Samples samples{x, y, options.sample_weight, &options.class_weight};
  prepare(samples);
  // As in Keras, validation_split takes the last samples, before any shuffling.
  const std::int64_t total = x.length(), kept = kept_of(total, options.validation_split);
  if (options.bucket_by_length && !makes_padding_mask(model_.state().nodes)) {
    throw InvalidArgument(
        "fit: bucket_by_length is true, but the model does not mask padding; expected an Embedding with mask_zero = "
        "true in the beginning. Set mask_zero, or leave bucket_by_length out.");
  }
  ArrayBatches batches(who_, model_.input_spec(), samples.range(0, kept),
                       {options.batch_size, options.shuffle, options.bucket_by_length});
  const auto& [validation_x, validation_y, validation_weight] = options.validation_data;
  if (kept == total && !validation_x) return fit(batches, nullptr, options, callbacks);
  Samples held_out =
      kept < total ? samples.range(kept, total - kept) : Samples{validation_x, validation_y, validation_weight};
  held_out.class_weight = nullptr;
  Evaluator(model_, validating).check(held_out);
  check_any(validating, held_out.x.length());
  ArrayBatches validation(validating, model_.input_spec(), std::move(held_out),
                          {options.validation_batch_size.value_or(options.batch_size)});
  return fit(batches, &validation, options, callbacks);
}

History Trainer::fit(Batches& batches, Batches* validation, const FitOptions& options, const CallbackList& callbacks) {
  Sequential::State& state = model_.state();
  const Evaluator validator(model_, validating);
  const WorkspacePool::Lease lease(state.workspaces, state.sizes.has_states);
  Tally tally(*state.compiled);
  const TallyInUse in_use(state.tally, tally);
  if (options.initial_epoch < options.epochs) {
    callbacks.check_scores(scores_to_come(tally.scores(), options, validation != nullptr));
  }
  History history;
  Scores logs;
  Progress progress(options.verbose, batches.size());
  state.stop = false;
  for (std::int64_t epoch = callbacks.begin_training(options.initial_epoch); epoch < options.epochs; ++epoch) {
    callbacks.call(&Callback::on_epoch_begin, epoch);
    progress.epoch(epoch, options.epochs);
    train_epoch(batches, *lease, callbacks, progress, tally);
    logs = tally.scores();
    if (validation != nullptr && (epoch + 1) % options.validation_freq == 0) {
      logs = logs.with(validator.evaluate(*validation, callbacks, 0), "val_");
    }
    callbacks.end_epoch(epoch, logs);
    progress.end(logs);
    history.append(epoch, logs);
    if (state.stop) break;
  }
  state.compiled->optimizer->finalize(trained_.to_write());
  callbacks.call(&Callback::on_train_end, logs);
  return history;
}

void Trainer::train_epoch(Batches& batches, Workspace& workspace, const CallbackList& callbacks, Progress& progress,
                          Tally& tally) {
  const Sequential::State& state = model_.state();
  batches.begin_epoch(next_random_seed());
  tally.reset();
  for (std::int64_t i = callbacks.skip_batches(batches); const std::optional<Batch> batch = batches.next(); ++i) {
    callbacks.call(&Callback::on_train_batch_begin, i);
    step(workspace, *batch, tally);
    if (!callbacks.empty()) callbacks.call(&Callback::on_train_batch_end, i, tally.scores());
    progress.batch([&] { return tally.scores(); });
    if (state.stop) break;
  }
  // After each epoch, so that training that continues from a file produces the same bits.
  for (std::size_t i = 0; i < trained_.variables().size(); ++i) {
    state.compiled->optimizer->catch_up_state(i, trained_.variables()[i]->to_write());
  }
}

}  // namespace xeras
