#include "models/trained.hpp"

#include "models/weight_path.hpp"

namespace xeras {

void Trained::list(std::span<const Node> nodes, bool trainable, const std::string& model) {
  numbers_.clear();
  variables_.clear();
  path_ = path_start(model);
  for (const Node& node : nodes) list(node, trainable);
}

void Trained::list(const Node& node, bool trainable) {
  trainable = trainable && node.layer->trainable();
  const std::size_t above = path_.size();
  path_.append("/").append(node.layer->name());
  const std::size_t here = path_.size();
  append_owner(node, path_);
  for (const Node::Slot& slot : node.weights) {
    if (!trainable || !slot.variable->trainable) continue;
    if (paths_.size() == variables_.size()) paths_.emplace_back();
    paths_[variables_.size()].assign(path_).append("/").append(slot.variable->name);
    numbers_.push_back(slot.number);
    variables_.push_back(slot.variable);
  }
  path_.resize(here);
  for (const Node& child : node.children) list(child, trainable);
  path_.resize(above);
}

double Trained::penalty() const {
  double penalty = 0.0;
  for (const Variable* variable : variables_) {
    if (!variable->regularizer) continue;
    penalty += variable->regularizer->penalty(variable->extents(), variable->value().data());
  }
  return penalty;
}

void Trained::prepare() {
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
      slot.rows.scatter(slot.dense.data(), static_cast<std::size_t>(extents.last()));
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
