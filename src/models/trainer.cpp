#include "models/trainer.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "models/optimizer_rows.hpp"
#include "models/shared_gradients.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
const std::vector<Variable*>& Trainer::variables() {
  Sequential::State& state = model_.state();
  trained_.list(state.nodes, model_.trainable());
  std::vector<Variable*>& seen = state.compiled->variables;
  if (seen.empty()) {
    std::vector<Variable*> all = trained_.variables();
    postpone_row_updates(all, state.compiled->optimizer.pointer());
    seen = std::move(all);
  }
  return seen;
}

void Trainer::prepare(const Samples& samples) {
  Evaluator::compiled(model_, who_);
  if (!model_.built()) model_.build_from_data(who_, samples.x);
  require_loss_of_layer();  // first, since other losses want other targets
  evaluator_.check(samples);
  prepare_weights();
}

void Trainer::prepare_weights() {
  if (variables() != trained_.variables()) {
    throw NotCompiled(
        fmt::format("{}: trainable was changed since the first training; expected the weights that the optimizer "
                    "knows. Call compile again.",
                    who_));
  }
  require_loss_of_layer();
  trained_.prepare(model_.state().nodes, model_.name());
}

// Throws NotCompiled if the last layer gives another loss than the compiled one.
void Trainer::require_loss_of_layer() const {
  const Layer& last = *model_.state().nodes.back().layer;
  if (!last.gives_loss()) return;
  const losses::Loss& loss = *model_.state().compiled->loss;
  const auto* const fitting = dynamic_cast<const losses::SparseCategoricalCrossentropy*>(&loss);
  if (fitting != nullptr && !fitting->config().from_logits) return;
  throw NotCompiled(
      fmt::format("{}: the loss is {}; expected \"sparse_categorical_crossentropy\", which {} \"{}\" estimates in "
                  "training. Compile the model with it.",
                  who_, fitting != nullptr ? "sparse_categorical_crossentropy of logits" : loss.name(),
                  last.class_name(), shown(last.name())));
}

void Trainer::step(Workspace& workspace, const Batch& batch, Tally& tally) {
  Sequential::State& state = model_.state();
  workspace.prepare(state.sizes, batch.rows.count);
  workspace.training = workspace.keep = true;
  workspace.look_for_gaps = !state.compiled->has_stepped;
  workspace.random_key = next_random_seed();
  workspace.step = ++state.steps;
  workspace.gradients.resize(state.sizes.variables);
  trained_.request_gradients(workspace);
  const Evaluator::Outcome outcome = evaluator_.forward(workspace, batch);
  std::optional<SharedGradients> shared;
  if (outcome.is_part) shared.emplace(*processes(), workspace);
  const auto begin_sums = [&](const Node& node) {
    if (shared) shared->begin(node);
  };
  Pass::backward_chain(state.nodes, workspace, {outcome.dp, outcome.predictions}, {}, begin_sums);
  if (shared) shared->finish(trained_.numbers(), trained_.variables());
  state.compiled->has_stepped = true;
  const double loss = outcome.loss + trained_.add_penalties(workspace);
  trained_.collect_gradients(workspace);
  tally.add_batch(outcome.targets, loss, batch.rows.count);
  // Last, so that an exception before it leaves the weights of the last complete step.
  for (Variable* variable : trained_.variables()) {
    if (PostponedRows* table = variable->postponed_rows()) table->postpone();
  }
  state.compiled->optimizer->apply(trained_.to_write());
  workspace.apply_updates();
}

Scores Trainer::train_on_batch(const Samples& samples) {
  if (processes() != nullptr) {
    throw Error(
        fmt::format("{}: processes share the work of this program; expected fit, which gives all of them the same "
                    "weights. Call fit, or distribution::clear_distribution() first.",
                    who_));
  }
  const std::int64_t count = samples.x.length();
  const Training training(model_, who_);
  prepare(samples);
  check_any(who_, count);
  check_one_batch(who_, model_.input_spec(), count);
  const WorkspacePool::Lease lease(model_.state().workspaces, model_.state().sizes.has_states);
  Tally tally(*model_.state().compiled);
  step(*lease, {samples, {0, count}}, tally);
  return tally.scores();
}

}  // namespace xeras
