#include <fmt/format.h>

#include <iostream>

#include "models/array_batches.hpp"
#include "models/dataset_batches.hpp"
#include "models/interrupt.hpp"
#include "models/padding.hpp"
#include "models/shared_call.hpp"
#include "models/shared_model.hpp"
#include "models/step_batches.hpp"
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
  check_steps("fit", "steps_per_epoch", options.steps_per_epoch);
  check_steps("fit", "validation_steps", options.validation_steps);
  const double split = options.validation_split;
  if (!(split >= 0.0 && split < 1.0)) {
    throw InvalidArgument(
        fmt::format("fit: validation_split is {}; expected a fraction in [0, 1). 0.1 holds a tenth out.", split));
  }
  const auto require_one = [](bool first, const char* one, bool second, const char* other) {
    if (!first || !second) return;
    throw InvalidArgument(
        fmt::format("fit: {} and {} are both given; expected one of them. Leave one out.", one, other));
  };
  const bool has_data = static_cast<bool>(options.validation_data.x),
             has_dataset = options.validation_dataset.has_value();
  require_one(split > 0.0, "validation_split", has_data, "validation_data");
  require_one(split > 0.0, "validation_split", has_dataset, "validation_dataset");
  require_one(has_data, "validation_data", has_dataset, "validation_dataset");
  if (has_dataset && options.validation_batch_size) {
    throw_for_arrays("fit", "validation_batch_size", "A dataset makes batches itself.");
  }
  if (options.validation_steps && !has_data && !has_dataset && split == 0.0) {
    throw InvalidArgument(
        fmt::format("fit: validation_steps is {} without validation; expected data to validate with. Leave it out.",
                    *options.validation_steps));
  }
  if (options.bucket_by_length && !options.shuffle) {
    throw InvalidArgument(
        "fit: bucket_by_length is true and shuffle is false; expected shuffle, since it reorders the samples. Leave "
        "one out.");
  }
}

// Checks the options that do not apply to datasets.
void check_dataset_options(const FitOptions& options) {
  if (options.batch_size) throw_for_arrays("fit", "batch_size", "A dataset makes batches itself.");
  if (options.validation_split > 0.0) throw_for_arrays("fit", "validation_split", "Pass a validation_dataset.");
  if (options.sample_weight) throw_for_arrays("fit", "sample_weight", "Return {x, y, sample_weight} from get_batch.");
  if (options.bucket_by_length) throw_for_arrays("fit", "bucket_by_length", "Make such batches in the dataset.");
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

void warn_of_missing_epochs(std::int64_t epoch, std::int64_t epochs) {
  if (!is_first_process()) return;
  std::cerr << fmt::format(
                   "fit: warning: the data ended before epoch {} of {}; expected batches for each epoch, and training "
                   "ends. Give a dataset that can start again, or steps_per_epoch and more batches.",
                   epoch + 1, epochs)
            << std::endl;
}

}  // namespace

std::string Trainer::arguments_of(const FitOptions& options, const Input& x, const Input& y) const {
  if (processes() == nullptr) return {};
  Sequential::State& state = model_.state();
  if (state.sizes.has_states) {
    throw Error(
        fmt::format("{}: the model has a stateful layer, and processes share its batches; expected none, since a state "
                    "belongs to the samples of a process. Set stateful = false, or use one process.",
                    who_));
  }
  return shared_arguments(model_, x) + (y ? y.extents().to_string() : "") + state.compiled->optimizer->class_name() +
         fmt::format("{} {} {} {}", options.batch_size.value_or(0), std::int64_t{options.epochs},
                     options.validation_split, options.callbacks.size());
}

History Trainer::fit(const Input& x, const Input& y, const FitOptions& options) {
  return share_call(who_, [&](SharedCall& call) { return fit(x, y, options, call); });
}

History Trainer::fit(data::Dataset& dataset, const FitOptions& options) {
  return share_call(who_, [&](SharedCall& call) { return fit(dataset, options, call); });
}

History Trainer::fit(const Input& x, const Input& y, const FitOptions& options, SharedCall& call) {
  const Training guard(model_, who_);
  check_options(options);
  if (!options.validation_dataset) check_no_workers(who_, options.workers, options.max_queue_size);
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
  ArrayBatches batches(
      who_, model_.input_spec(), samples.range(0, kept),
      {batch_size_of(options.batch_size, options.steps_per_epoch, kept), options.shuffle, options.bucket_by_length});
  Samples held_out;
  if (kept < total) held_out = samples.range(kept, total - kept);
  const std::unique_ptr<Batches> validation = validation_batches(std::move(held_out), options);
  call.begin(arguments_of(options, x, y));
  if (!options.steps_per_epoch) return fit(batches, validation.get(), options, callbacks);
  StepBatches steps(who_, batches, *options.steps_per_epoch);
  return fit(steps, validation.get(), options, callbacks);
}

History Trainer::fit(data::Dataset& dataset, const FitOptions& options, SharedCall& call) {
  const Training guard(model_, who_);
  check_options(options);
  check_dataset_options(options);
  const CallbackList callbacks(who_, options.callbacks, model_, model_.state().use);
  Evaluator::compiled(model_, who_);
  DatasetBatches batches(who_, model_, dataset,
                         {.steps = options.steps_per_epoch,
                          .steps_name = "steps_per_epoch",
                          .continues = true,
                          .shuffle = options.shuffle,
                          .workers = options.workers,
                          .max_queue_size = options.max_queue_size,
                          .class_weight = &options.class_weight});
  if (!model_.built()) model_.build_from_data(who_, first_batch(who_, dataset).x);
  model_.check_own_plan(who_);
  prepare_weights();
  const std::unique_ptr<Batches> validation = validation_batches({}, options);
  call.begin(arguments_of(options, {}, {}));
  return fit(batches, validation.get(), options, callbacks);
}

std::unique_ptr<Batches> Trainer::validation_batches(Samples held_out, const FitOptions& options) const {
  if (options.validation_dataset) {
    return std::make_unique<DatasetBatches>(validating, model_, options.validation_dataset->get(validating),
                                            DatasetBatchesOptions{.steps = options.validation_steps,
                                                                  .steps_name = "validation_steps",
                                                                  .workers = options.workers,
                                                                  .max_queue_size = options.max_queue_size});
  }
  const auto& [x, y, sample_weight] = options.validation_data;
  if (!held_out.x) {
    if (!x) return {};
    held_out = {x, y, sample_weight};
  }
  held_out.class_weight = nullptr;
  Evaluator(model_, validating).check(held_out);
  const std::int64_t total = held_out.x.length();
  check_any(validating, total);
  const std::optional<std::int64_t>& given = options.validation_batch_size;
  const std::int64_t size =
      batch_size_for(validating, model_.input_spec(), total,
                     batch_size_of(given ? given : options.batch_size, options.validation_steps, total));
  const std::int64_t count = samples_in_steps(validating, "validation_steps", options.validation_steps, size, total);
  return std::make_unique<ArrayBatches>(validating, model_.input_spec(), held_out.range(0, count),
                                        ArrayBatchesOptions{.batch_size = size});
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
  Progress progress(is_first_process() ? options.verbose : 0, batches.size());
  std::optional<Interrupt> interrupt;
  if (options.stop_on_interrupt) interrupt.emplace(who_);
  const auto interrupted = [&] { return interrupt && in_any_process(interrupt->has_come()); };
  const auto stops = [&] { return state.stop || interrupted(); };
  state.stop = false;
  state.position = {};
  state.interrupted_pass.reset();
  std::int64_t epoch = callbacks.begin_training(options.initial_epoch);
  if (Processes* const all = processes()) {
    broadcast_weights(*all, state.nodes);
    broadcast_optimizer(*all, *state.compiled->optimizer, trained_.to_write());
    broadcast_position(*all, state.steps, state.interrupted_pass);
  }
  for (; epoch < options.epochs; ++epoch) {
    resume_pass(batches, epoch);
    callbacks.call(&Callback::on_epoch_begin, epoch);
    const RandomState before = random_state();
    if (!batches.begin_epoch(epoch, next_random_seed())) {
      warn_of_missing_epochs(epoch, options.epochs);
      break;
    }
    if (batches.position() == 0) state.position.pass = {.epoch = epoch, .begin = before};
    progress.epoch(epoch, options.epochs, batches.size());
    train_epoch(batches, *lease, callbacks, progress, tally, stops);
    state.position.pass.batches = options.steps_per_epoch ? batches.position() : 0;
    logs = tally.scores();
    if (validation != nullptr && (epoch + 1) % options.validation_freq == 0 && !interrupted()) {
      const Scores held_out = validator.evaluate(*validation, callbacks, 0, interrupted);
      if (!interrupted()) logs = logs.with(held_out, "val_");  // else they are those of a part
    }
    callbacks.end_epoch(epoch, logs);
    progress.end(logs);
    history.append(epoch, logs);
    if (stops()) break;
  }
  interrupt.reset();
  state.compiled->optimizer->finalize(trained_.to_write());
  callbacks.call(&Callback::on_train_end, logs);
  return history;
}

void Trainer::resume_pass(Batches& batches, std::int64_t epoch) {
  std::optional<InterruptedPass>& interrupted = model_.state().interrupted_pass;
  if (!interrupted) return;
  const InterruptedPass from = *std::exchange(interrupted, {});
  if (from.next_epoch != epoch || from.pass.batches == 0) return;
  const RandomState now = random_state();
  set_random_state(from.pass.begin);
  const bool is_there = batches.resume_pass(from.pass.epoch, next_random_seed(), from.pass.batches);
  set_random_state(now);
  if (!is_there) {
    throw InvalidInput(
        fmt::format("{}: the interrupted fit has trained {} batches of this pass over the data, and there are fewer; "
                    "expected its data. Pass the same data, batch_size and steps_per_epoch.",
                    who_, from.pass.batches));
  }
  model_.state().position.pass = from.pass;
}

void Trainer::train_epoch(Batches& batches, Workspace& workspace, const CallbackList& callbacks, Progress& progress,
                          Tally& tally, const std::function<bool()>& stops) {
  Sequential::State& state = model_.state();
  tally.reset();
  const std::int64_t skipped = callbacks.skip_batches(batches);
  state.position.batches = skipped;
  const auto run = [&](const Batch& batch) {
    for_batch(who_, batches, [&] { step(workspace, batch, tally); });
    ++state.position.batches;
  };
  const auto end = [&](std::int64_t last, std::int64_t made) {
    if (!callbacks.empty()) callbacks.call(&Callback::on_train_batch_end, last, tally.scores());
    progress.batches(made, [&] { return tally.scores(); });
    return !stops();
  };
  for_groups(
      batches, state.compiled->steps_per_execution, skipped,
      [&](std::int64_t first) { callbacks.call(&Callback::on_train_batch_begin, first); }, run, end);
  batches.end_epoch();
  // After each epoch, so that training that continues from a file produces the same bits.
  for (std::size_t i = 0; i < trained_.variables().size(); ++i) {
    state.compiled->optimizer->catch_up_state(i, trained_.variables()[i]->to_write());
  }
}

}  // namespace xeras
