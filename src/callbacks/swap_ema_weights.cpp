#include "xeras/callbacks/swap_ema_weights.hpp"

#include <fmt/format.h>

#include "models/sequential_parts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {
namespace {

void check_averages(Sequential& model) {
  const optimizers::Optimizer& optimizer = model.optimizer();
  const Value config = optimizer.get_config();
  const Value* const use_ema = config.find("use_ema");
  if (use_ema != nullptr && *use_ema == Value(true)) return;
  throw InvalidArgument(fmt::format(
      "SwapEMAWeights: {} keeps no averages; expected use_ema = true. Compile with .use_ema = true, or leave "
      "the callback out.",
      optimizer.class_name()));
}

// Returns the optimizer's weights in its order; none before the first step, when there are no averages.
const std::vector<Variable*>& variables_of(Sequential& model) {
  static const auto& none = *new std::vector<Variable*>;
  const Compiled& compiled = *SequentialParts::state(model).compiled;
  return compiled.optimizer->has_state() && compiled.optimizer->steps() > 0 ? compiled.variables : none;
}

}  // namespace

void SwapEMAWeights::check_scores(const Scores&) { check_averages(model()); }

void SwapEMAWeights::on_epoch_begin(std::int64_t) {
  if (options_.swap_on_epoch) bring_back();
}

void SwapEMAWeights::on_epoch_end(std::int64_t, const Scores&) {
  if (options_.swap_on_epoch) take_averages();
}

// The weights are the averages now: the optimizer has replaced them at the end of training.
void SwapEMAWeights::on_train_end(const Scores&) { own_.reset(); }

void SwapEMAWeights::take_averages() {
  check_averages(model());
  if (own_) return;
  std::vector<Parameter> parameters;
  std::vector<std::vector<float>> own;
  const std::vector<Variable*>& variables = variables_of(model());
  for (Variable* variable : variables) {
    Parameter& parameter = parameters.emplace_back();
    parameter.values = variable->to_write();
    parameter.extents = variable->extents();
    parameter.name = variable->name;
    own.emplace_back(parameter.values, parameter.values + parameter.extents.size());
  }
  if (!parameters.empty()) {
    for (const optimizers::StateArray& array : model().optimizer().state(parameters)) {
      if (array.name == "average") std::copy_n(array.values, array.extents.size(), parameters[*array.position].values);
    }
  }
  own_ = std::move(own);
}

void SwapEMAWeights::bring_back() {
  if (!own_) return;
  const std::vector<Variable*>& variables = variables_of(model());
  for (std::size_t i = 0; i < own_->size(); ++i)
    std::copy((*own_)[i].begin(), (*own_)[i].end(), variables[i]->to_write());
  own_.reset();
}

}  // namespace xeras::callbacks
