#include "models/trained.hpp"

#include <algorithm>

#include "models/weight_path.hpp"

namespace xeras {

void Trained::list(std::span<const Node> nodes, bool trainable) {
  numbers_.clear();
  variables_.clear();
  for (const Node& node : nodes) list(node, trainable);
}

void Trained::list(const Node& node, bool trainable) {
  trainable = trainable && node.layer->trainable();
  for (const Node::Slot& slot : node.weights) {
    if (!trainable || !slot.variable->trainable) continue;
    numbers_.push_back(slot.number);
    variables_.push_back(slot.variable);
  }
  for (const Node& child : node.children) list(child, trainable);
}

void Trained::set_paths(const Node& node, const std::string& above) {
  const std::string here = above + "/" + node.layer->name();
  std::string owner = here;
  append_owner(node, owner);
  for (const Node::Slot& slot : node.weights) {
    const auto found = std::find(variables_.begin(), variables_.end(), slot.variable);
    if (found == variables_.end()) continue;
    paths_[static_cast<std::size_t>(found - variables_.begin())] = owner + "/" + slot.variable->name;
  }
  for (const Node& child : node.children) set_paths(child, here);
}

double Trained::penalty() const {
  double penalty = 0.0;
  for (const Variable* variable : variables_) {
    if (!variable->regularizer) continue;
    penalty += variable->regularizer->penalty(variable->extents(), variable->value().data());
  }
  return penalty;
}

void Trained::prepare(std::span<const Node> nodes, const std::string& model) {
  if (named_ != variables_) {
    paths_.assign(variables_.size(), {});
    for (const Node& node : nodes) set_paths(node, std::string(path_start(model)));
    named_ = variables_;  // last, since memory may run out before
  }
  parameters_.clear();
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const Variable& variable = *variables_[i];
    Parameter& parameter = parameters_.emplace_back();
    parameter.extents = variable.extents();
    parameter.may_postpone = variable.postponed_rows() != nullptr;
    parameter.name = variable.name;
    parameter.path = paths_[i];
  }
}

void Trained::request_gradients(Workspace& workspace) const {
  for (GradientSlot& slot : workspace.gradients) slot.wanted = false;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    GradientSlot& slot = workspace.gradients[numbers_[i]];
    slot.wanted = true;
    slot.rows.reset();
    if (!variables_[i]->lookup) slot.set_zero(variables_[i]->size());
  }
}

double Trained::add_penalties(Workspace& workspace) const {
  double penalty = 0.0;
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    const Variable& variable = *variables_[i];
    if (!variable.regularizer) continue;
    GradientSlot& slot = workspace.gradients[numbers_[i]];
    const Extents& extents = parameters_[i].extents;
    penalty += variable.regularizer->penalty(extents, variable.value().data());
    if (variable.lookup) {
      // A penalty has a gradient in every row, which makes the whole gradient dense.
      slot.dense.assign(variable.size(), 0.0f);
      slot.rows.scatter(slot.dense.data(), variable.size() / static_cast<std::size_t>(extents[0]));
    }
    variable.regularizer->add_gradient(extents, variable.value().data(), 1.0f, slot.dense.data());
  }
  return penalty;
}

void Trained::collect_gradients(Workspace& workspace) {
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    GradientSlot& slot = workspace.gradients[numbers_[i]];
    const bool sparse = variables_[i]->lookup && !variables_[i]->regularizer;
    parameters_[i].gradient =
        sparse ? Gradient{slot.rows.values(), slot.rows.rows(), true} : Gradient{slot.dense.data(), {}, false};
  }
}

std::span<Parameter> Trained::to_write() {
  for (std::size_t i = 0; i < variables_.size(); ++i) {
    Variable& variable = *variables_[i];
    parameters_[i].values = variable.to_write();
    parameters_[i].constraint = variable.constraint ? &*variable.constraint : nullptr;
  }
  return parameters_;
}

}  // namespace xeras
