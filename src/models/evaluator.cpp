#include "models/evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "layers/unwritten.hpp"
#include "models/array_batches.hpp"
#include "models/dataset_batches.hpp"
#include "models/progress.hpp"
#include "models/share.hpp"
#include "models/shared_model.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

using callbacks::Callback;

bool has_activity_regularizer(std::span<const Node> nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [](const Node& node) {
    return node.activity_regularizer || has_activity_regularizer(node.children);
  });
}

void require_written(const char* who, const losses::Loss& loss, const float* dp, std::int64_t size,
                     std::int64_t columns) {
  const std::int64_t gap = first_unwritten(dp, size);
  if (gap < 0) return;
  throw Error(
      fmt::format("{}: loss \"{}\" does not write its gradient at row {}, column {}; expected one for each prediction. "
                  "Where dp is not null, set dp[r * targets.pred_columns + c] in rows().",
                  who, loss.name(), gap / columns, gap % columns));
}

}  // namespace

const Compiled& Evaluator::compiled(const Sequential& model, const char* who) {
  if (!model.state().compiled) {
    throw NotCompiled(
        fmt::format("{}: the model is not compiled; expected compile before it. Call model.compile(\"rmsprop\", "
                    "\"mse\"); adding or popping a layer requires it again.",
                    who));
  }
  return *model.state().compiled;
}

void Evaluator::check(const Samples& samples) const {
  const Compiled& compiled = Evaluator::compiled(model_, who_);
  check_built();
  model_.check_own_plan(who_);
  check_x(who_, model_.input_spec(), samples.x);
  if (const Node& last = model_.state().nodes.back(); last.output.dtype != DType::float32) {
    throw InvalidInput(fmt::format("{}: {} \"{}\", the last layer, gives {}; expected floats, for a loss. Add layers.",
                                   who_, last.layer->class_name(), shown(last.layer->name()),
                                   plural_of(last.output.dtype)));
  }
  Extents predictions;
  if (model_.sizes_depend_on_values()) {
    // Targets cannot be checked for sizes that each batch sets.
    if (model_.has_open_predictions()) {
      throw ShapeError(fmt::format(
          "{}: predictions have shape {}, with a size that depends on the texts of a batch; expected a fixed size, for "
          "the targets. Set output_sequence_length of the first layer.",
          who_, model_.output_shape().to_string()));
    }
    for (const Dim dim : model_.output_shape()) predictions.push_back(dim.known() ? dim.size() : samples.x.length());
  } else {
    model_.output_extents(extents_in(model_.input_spec(), samples.x), predictions);
  }
  check_targets(who_, compiled, samples, predictions);
}

void Evaluator::check_built() const {
  if (model_.built()) return;
  throw ShapeError(
      fmt::format("{}: the input shape is not known yet; expected a built model. Call build or fit first.", who_));
}

Evaluator::Outcome Evaluator::forward(Workspace& workspace, const Batch& batch) const {
  const Sequential::State& state = model_.state();
  const auto& [samples, rows] = batch;
  const Share share(rows.count);
  const AnyView x =
      share.part_of(bind_x(who_, model_.input_spec(), state.ignores_padding, workspace, samples.x, rows), workspace);
  workspace.collect_losses = true;
  Outcome outcome;
  outcome.is_part = share.is_part();
  Targets& targets = outcome.targets;
  targets.y_true = bind_floats(workspace, samples.y, rows);
  const bool layer_gives_loss = workspace.training && state.nodes.back().layer->gives_loss();
  if (layer_gives_loss) {
    workspace.gives_loss = &state.nodes.back();
    workspace.labels = targets.y_true + share.first() * (samples.y.extents().size() / samples.y.length());
  }
  const Flow result = Pass::forward_chain(state.nodes, workspace, {x}, {});
  ConstView p = result.values.as<float>();
  MaskView mask = result.mask;
  outcome.predictions = p.extents;
  if (share.is_part()) {
    p = share.join(p, workspace.arena);
    mask = share.join(mask, workspace.arena);
    if (has_activity_regularizer(state.nodes)) workspace.activity_loss = share.sum(workspace.activity_loss);
  }
  targets.rows = p.extents.rank() > 1 ? p.extents.row_count() : p.size();
  targets.y_pred = p.data;
  targets.pred_columns = targets.rows == 0 ? 1 : p.size() / targets.rows;
  targets.steps = std::max<std::int64_t>(1, targets.rows / rows.count);
  targets.true_size = samples.y.extents().size() / samples.y.length();
  targets.true_columns = targets.true_size * rows.count / std::max<std::int64_t>(1, targets.rows);
  targets.mask = mask.data;
  targets.sample_weight = bind_weights(workspace, samples, rows, targets.rows / rows.count);
  targets.weighs_steps =
      samples.sample_weight && samples.sample_weight.extents().size() > samples.sample_weight.length();
  float* scratch = workspace.arena.floats(state.compiled->loss->scratch_size(targets));
  outcome.dp = workspace.keep ? workspace.arena.floats(p.size()) : nullptr;
  const double weight = state.compiled->loss_weight;
  const bool looks = workspace.keep && workspace.look_for_gaps;
  if (looks) mark_unwritten(outcome.dp, p.size());
  const losses::Loss& loss = *state.compiled->loss;
  const double value = layer_gives_loss
                           ? static_cast<const losses::RowLoss&>(loss).reduce_rows(targets, scratch, outcome.dp)
                           : loss.compute(targets, scratch, outcome.dp);
  outcome.loss = weight * value + workspace.activity_loss;
  if (layer_gives_loss) targets.y_pred = nullptr;
  if (looks) require_written(who_, loss, outcome.dp, p.size(), targets.pred_columns);
  if (weight != 1.0 && outcome.dp != nullptr) {
    kernels::simd().scale(static_cast<float>(weight), outcome.dp, static_cast<std::size_t>(p.size()));
  }
  if (outcome.dp != nullptr) outcome.dp += share.first() * (p.size() / rows.count);
  return outcome;
}

Scores Evaluator::evaluate(Batches& batches, const CallbackList& callbacks, int verbose,
                           const std::function<bool()>& stops) const {
  const Sequential::State& state = model_.state();
  Tally tally = Tally::with_copies(*state.compiled);
  Trained trained;
  trained.list(state.nodes, model_.trainable());
  double penalty = trained.penalty();
  const WorkspacePool::Lease lease(state.workspaces, state.sizes.has_states);
  Workspace& workspace = *lease;
  Progress progress(is_first_process() ? verbose : 0, batches.size());
  callbacks.call(&Callback::on_test_begin);
  batches.begin_epoch(0, 0);
  const auto begin = [&](std::int64_t first) {
    if (callbacks.empty()) return;
    callbacks.call(&Callback::on_test_batch_begin, first);
    penalty = trained.penalty();  // a hook may set weights
  };
  const auto run = [&](const Batch& batch) {
    workspace.prepare(state.sizes, batch.rows.count);
    workspace.training = workspace.keep = false;
    const Outcome outcome = for_batch(who_, batches, [&] { return forward(workspace, batch); });
    tally.add_batch(outcome.targets, outcome.loss + penalty, batch.rows.count);
  };
  const auto end = [&](std::int64_t last, std::int64_t made) {
    if (!callbacks.empty()) callbacks.call(&Callback::on_test_batch_end, last, tally.scores());
    progress.batches(made, [&] { return tally.scores(); });
    return !stops();
  };
  for_groups(batches, state.compiled->steps_per_execution, 0, begin, run, end);
  batches.end_epoch();
  const Scores scores = tally.scores();
  progress.end(scores);
  callbacks.call(&Callback::on_test_end, scores);
  return scores;
}

Scores Evaluator::evaluate(const Samples& samples, const EvaluateOptions& options) const {
  return share_call(who_, [&](SharedCall& call) { return evaluate(samples, options, call); });
}

Scores Evaluator::evaluate(data::Dataset& dataset, const EvaluateOptions& options) const {
  return share_call(who_, [&](SharedCall& call) { return evaluate(dataset, options, call); });
}

Scores Evaluator::evaluate(const Samples& samples, const EvaluateOptions& options, SharedCall& call) const {
  check(samples);
  const std::int64_t total = samples.x.length();
  check_any(who_, total);
  check_steps(who_, "steps", options.steps);
  check_no_workers(who_, options.workers, options.max_queue_size);
  const std::int64_t size =
      batch_size_for(who_, model_.input_spec(), total, batch_size_of(options.batch_size, options.steps, total));
  const std::int64_t count = samples_in_steps(who_, "steps", options.steps, size, total);
  ArrayBatches batches(who_, model_.input_spec(), samples.range(0, count), {.batch_size = size});
  call.begin(shared_arguments(model_, samples.x) + std::to_string(size));
  return evaluate(batches, CallbackList(who_, options.callbacks, model_, model_.state().use), options.verbose);
}

Scores Evaluator::evaluate(data::Dataset& dataset, const EvaluateOptions& options, SharedCall& call) const {
  Evaluator::compiled(model_, who_);
  if (options.batch_size) throw_for_arrays(who_, "batch_size", "A dataset makes batches itself.");
  if (options.sample_weight) throw_for_arrays(who_, "sample_weight", "Return {x, y, sample_weight} from get_batch.");
  check_built();
  DatasetBatches batches(
      who_, model_, dataset,
      {.steps = options.steps, .workers = options.workers, .max_queue_size = options.max_queue_size});
  call.begin(shared_arguments(model_, {}));
  return evaluate(batches, CallbackList(who_, options.callbacks, model_, model_.state().use), options.verbose);
}

}  // namespace xeras
