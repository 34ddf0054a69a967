#pragma once

#include "layers/workspace.hpp"
#include "xeras/layers/variable.hpp"
#include "xeras/optimizers.hpp"

namespace xeras {

// The weights that training changes, listed anew for each fit in memory that is kept.
class Trained {
 public:
  // Lists the weights of a plan whose model is trainable or not.
  void list(std::span<const Node> nodes, bool trainable);
  const std::vector<Variable*>& variables() const { return variables_; }
  // The sum of what their regularizers add to the loss.
  double penalty() const;

  // Makes room for what the optimizer gets.
  void prepare();
  // Asks a pass for their gradients, which begin with zero.
  void request_gradients(Workspace& workspace) const;
  // Adds the penalties' gradients, and returns the sum of the penalties.
  double add_penalties(Workspace& workspace) const;
  // Hands the gradients of a pass to the parameters.
  void collect_gradients(Workspace& workspace);
  // For the optimizer, which changes them.
  std::span<Parameter> to_write();

 private:
  void list(const Node& node, bool trainable);

  std::vector<std::size_t> numbers_;   // in a Workspace
  std::vector<Variable*> variables_;   // the same weights
  std::vector<Parameter> parameters_;  // the same, for the optimizer
};

}  // namespace xeras
