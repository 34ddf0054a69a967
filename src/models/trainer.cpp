#include "models/trainer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "layers/unwritten.hpp"
#include "models/optimizer_rows.hpp"
#include "models/progress.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

void list_trainable(const Node& node, bool trainable, Trained& trained) {
  trainable = trainable && node.layer->trainable();
  for (const Node::Slot& slot : node.weights) {
    if (!trainable || !slot.variable->trainable) continue;
    trained.numbers.push_back(slot.number);
    trained.variables.push_back(slot.variable);
  }
  for (const Node& child : node.children) list_trainable(child, trainable, trained);
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

const Compiled& Trainer::compiled(const Sequential& model, const char* who) {
  if (!model.state().compiled) {
    throw NotCompiled(
        fmt::format("{}: the model is not compiled; expected compile before it. "
                    "Call model.compile(\"rmsprop\", \"mse\"); adding or popping a layer asks for it again.",
                    who));
  }
  return *model.state().compiled;
}

void Trainer::check_samples(const Sequential& model, const char* who, const Samples& samples) {
  const Compiled& compiled = Trainer::compiled(model, who);
  if (!model.built()) {
    throw ShapeError(
        fmt::format("{}: the input shape is not known yet; expected a built model. Call build or fit first.", who));
  }
  model.check_own_plan(who);
  check_x(who, model.input_spec(), samples.x);
  if (const Node& last = model.state().nodes.back(); last.output.dtype != DType::float32) {
    throw InvalidInput(fmt::format("{}: {} \"{}\", the last layer, gives {}; expected floats, for a loss. Add layers.",
                                   who, last.layer->class_name(), shown(last.layer->name()),
                                   plural_of(last.output.dtype)));
  }
  Extents predictions;
  model.output_extents(samples.x.extents(), predictions);
  check_targets(who, compiled, samples, predictions);
}

Trainer::Outcome Trainer::forward(const Sequential& model, const char* who, Workspace& workspace,
                                  const Samples& samples, const Rows& rows) {
  const Sequential::State& state = model.state();
  const AnyView x = bind_x(who, model.input_spec(), state.ignores_padding, workspace, samples.x, rows);
  workspace.collect_losses = true;
  const Flow result = Pass::forward_chain(state.nodes, workspace, {x}, {});
  const ConstView p = result.values.as<float>();
  Outcome outcome;
  outcome.predictions = p.extents;
  Targets& targets = outcome.targets;
  targets.rows = target_rows(p.extents);
  targets.y_true = bind_floats(workspace, samples.y, rows);
  targets.y_pred = p.data;
  targets.pred_columns = targets.rows == 0 ? 1 : p.size() / targets.rows;
  targets.steps = std::max<std::int64_t>(1, targets.rows / rows.count);
  targets.true_size = samples.y.extents().size() / samples.y.length();
  targets.true_columns = targets.true_size * rows.count / std::max<std::int64_t>(1, targets.rows);
  targets.mask = result.mask.data;
  targets.sample_weight =
      bind_weights(workspace, samples.sample_weight, samples.class_weight, samples.y, rows, targets.rows / rows.count);
  float* scratch = workspace.arena.floats(state.compiled->loss->scratch_size(targets));
  outcome.dp = workspace.keep ? workspace.arena.floats(p.size()) : nullptr;
  const double weight = state.compiled->loss_weight;
  const bool looks = workspace.keep && workspace.look_for_gaps;
  if (looks) mark_unwritten(outcome.dp, p.size());
  outcome.loss = weight * state.compiled->loss->compute(targets, scratch, outcome.dp) + workspace.activity_loss;
  if (looks) require_written(who, *state.compiled->loss, outcome.dp, p.size(), targets.pred_columns);
  if (weight != 1.0 && outcome.dp != nullptr) {
    kernels::simd().scale(static_cast<float>(weight), outcome.dp, static_cast<std::size_t>(p.size()));
  }
  return outcome;
}

const std::vector<Variable*>& Trainer::variables() {
  Sequential::State& state = model_.state();
  trained_.numbers.clear();
  trained_.variables.clear();
  for (const Node& node : state.nodes) list_trainable(node, model_.trainable(), trained_);
  std::vector<Variable*>& seen = state.compiled->variables;
  if (seen.empty()) {
    std::vector<Variable*> all = trained_.variables;
    postpone_row_updates(all, state.compiled->optimizer.pointer());
    seen = std::move(all);
  }
  return seen;
}

void Trainer::prepare(const char* who, const Samples& samples) {
  compiled(model_, who);
  if (!model_.built()) model_.build_from_data(who, samples.x);
  check_samples(model_, who, samples);
  if (const std::vector<Variable*>& seen = variables(); seen != trained_.variables) {
    throw NotCompiled(
        fmt::format("{}: trainable was changed since the first training; expected the weights that the "
                    "optimizer knows. Call compile again.",
                    who));
  }
  trained_.parameters.clear();
  for (Variable* variable : trained_.variables) {
    trained_.parameters.push_back({.values = nullptr,
                                   .extents = variable->extents(),
                                   .constraint = nullptr,
                                   .gradient = {},
                                   .may_postpone = variable->postponed_rows() != nullptr,
                                   .name = variable->name});
  }
}

double Trainer::add_regularizers(Workspace& workspace) {
  double penalty = 0.0;
  for (std::size_t i = 0; i < trained_.variables.size(); ++i) {
    Variable& variable = *trained_.variables[i];
    if (!variable.regularizer) continue;
    GradientSlot& slot = workspace.gradients[trained_.numbers[i]];
    const Extents& extents = trained_.parameters[i].extents;
    penalty += variable.regularizer->penalty(extents, variable.value().data());
    if (variable.lookup) {
      // A penalty moves every row, so that this gradient is a whole matrix.
      slot.dense.assign(variable.size(), 0.0f);
      slot.rows.scatter(slot.dense.data(), static_cast<std::size_t>(extents.last()));
    }
    variable.regularizer->add_gradient(extents, variable.value().data(), 1.0f, slot.dense.data());
  }
  return penalty;
}

void Trainer::collect_gradients(Workspace& workspace) {
  for (std::size_t i = 0; i < trained_.variables.size(); ++i) {
    GradientSlot& slot = workspace.gradients[trained_.numbers[i]];
    const bool sparse = trained_.variables[i]->lookup && !trained_.variables[i]->regularizer;
    trained_.parameters[i].gradient =
        sparse ? Gradient{slot.rows.values(), slot.rows.rows(), true} : Gradient{slot.dense.data(), {}, false};
  }
}

std::span<Parameter> Trainer::parameters_to_write() {
  for (std::size_t i = 0; i < trained_.variables.size(); ++i) {
    Variable& variable = *trained_.variables[i];
    trained_.parameters[i].values = variable.to_write();
    trained_.parameters[i].constraint = variable.constraint ? &*variable.constraint : nullptr;
  }
  return trained_.parameters;
}

void Trainer::step(const char* who, Workspace& workspace, const Samples& samples, const Rows& rows, Tally& tally) {
  Sequential::State& state = model_.state();
  workspace.prepare(state.sizes, rows.count);
  workspace.training = workspace.keep = true;
  workspace.look_for_gaps = !state.compiled->has_stepped;
  workspace.random_key = next_random_seed();
  workspace.step = ++state.steps;
  workspace.gradients.resize(state.sizes.variables);
  for (GradientSlot& slot : workspace.gradients) slot.wanted = false;
  for (std::size_t i = 0; i < trained_.variables.size(); ++i) {
    GradientSlot& slot = workspace.gradients[trained_.numbers[i]];
    slot.wanted = true;
    slot.rows.reset();
    if (!trained_.variables[i]->lookup) slot.set_zero(trained_.variables[i]->size());
  }
  Outcome outcome = forward(model_, who, workspace, samples, rows);
  Pass::backward_chain(state.nodes, workspace, {outcome.dp, outcome.predictions}, {});
  state.compiled->has_stepped = true;
  const double loss = outcome.loss + add_regularizers(workspace);
  collect_gradients(workspace);
  tally.add_batch(outcome.targets, loss, rows.count);
  // The last thing: whatever raises before leaves the weights of the last whole step.
  for (Variable* variable : trained_.variables) {
    if (PostponedRows* table = variable->postponed_rows()) table->postpone();
  }
  state.compiled->optimizer->apply(parameters_to_write());
  workspace.apply_updates();
}

Scores Trainer::train_on_batch(const Input& x, const Input& y, const BatchOptions& options) {
  const Samples samples{x, y, options.sample_weight, options.class_weight};
  const Training training(model_, "train_on_batch");
  prepare("train_on_batch", samples);
  check_any("train_on_batch", x.length());
  check_one_batch("train_on_batch", model_.input_spec(), x.length());
  const WorkspacePool::Lease lease(model_.state().workspaces, model_.state().sizes.has_states);
  Tally tally(*model_.state().compiled);
  step("train_on_batch", *lease, samples, {0, x.length()}, tally);
  return tally.scores();
}

void Trainer::evaluate_batches(const Sequential& model, const char* who, const Samples& samples,
                               std::int64_t batch_size, int verbose, Tally& tally) {
  const std::int64_t total = samples.x.length();
  batch_size = batch_size_for(who, model.input_spec(), total, batch_size);
  const Sequential::State& state = model.state();
  // The same for every batch: the weights do not change here.
  double penalty = 0.0;
  Trained trained;
  for (const Node& node : state.nodes) list_trainable(node, model.trainable(), trained);
  for (const Variable* variable : trained.variables) {
    if (variable->regularizer) {
      penalty += variable->regularizer->penalty(variable->extents(), variable->value().data());
    }
  }
  const WorkspacePool::Lease lease(state.workspaces, state.sizes.has_states);
  Workspace& workspace = *lease;
  Progress progress(verbose, number_of_batches(total, batch_size));
  for (std::int64_t first = 0; first < total; first += batch_size) {
    const std::int64_t count = std::min(batch_size, total - first);
    workspace.prepare(state.sizes, count);
    workspace.training = workspace.keep = false;
    const Outcome outcome = forward(model, who, workspace, samples, {first, count});
    tally.add_batch(outcome.targets, outcome.loss + penalty, count);
    progress.batch([&] { return tally.scores(); });
  }
  progress.end(tally.scores());
}

Scores Trainer::evaluate(const Sequential& model, const char* who, const Input& x, const Input& y,
                         const EvaluateOptions& options) {
  const std::map<std::int64_t, double> no_class_weight;
  const Samples samples{x, y, options.sample_weight, no_class_weight};
  check_samples(model, who, samples);
  check_any(who, x.length());
  Tally tally = Tally::with_copies(*model.state().compiled);
  evaluate_batches(model, who, samples, options.batch_size, options.verbose, tally);
  return tally.scores();
}

Scores Trainer::test_on_batch(const Sequential& model, const Input& x, const Input& y, const BatchOptions& options) {
  const Samples samples{x, y, options.sample_weight, options.class_weight};
  check_samples(model, "test_on_batch", samples);
  check_any("test_on_batch", x.length());
  Tally tally = Tally::with_copies(*model.state().compiled);
  evaluate_batches(model, "test_on_batch", samples, std::max<std::int64_t>(1, x.length()), 0, tally);
  return tally.scores();
}

}  // namespace xeras
