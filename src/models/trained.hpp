#pragma once

#include <string>

#include "layers/workspace.hpp"
#include "xeras/layers/variable.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

// The weights that training changes. Each fit lists them again, in the same memory.
class Trained {
 public:
  // Lists the trainable weights of a plan; `trainable` is that of the model.
  void list(std::span<const Node> nodes, bool trainable);
  const std::vector<Variable*>& variables() const { return variables_; }
  // Returns the gradient slot of each in a Workspace.
  const std::vector<std::size_t>& numbers() const { return numbers_; }
  // Returns the sum of the regularizers' penalties.
  double penalty() const;

  // Prepares the optimizer's parameters. The model's name begins their paths.
  void prepare(std::span<const Node> nodes, const std::string& model);
  // Requests their gradients from a pass, and sets them to zero.
  void request_gradients(Workspace& workspace) const;
  // Adds the gradients of the penalties, and returns the sum of the penalties.
  double add_penalties(Workspace& workspace) const;
  // Sets the parameters' gradients to those of a pass.
  void collect_gradients(Workspace& workspace);
  // Returns the parameters for an optimizer, which changes them.
  std::span<Parameter> to_write();

 private:
  void list(const Node& node, bool trainable);
  void set_paths(const Node& node, const std::string& above);

  // One entry per weight:
  std::vector<std::size_t> numbers_;
  std::vector<Variable*> variables_;
  std::vector<std::string> paths_;
  std::vector<Parameter> parameters_;

  std::vector<Variable*> named_;  // the weights when paths_ was made
};

}  // namespace xeras
