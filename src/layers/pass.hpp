#pragma once

#include "layers/workspace.hpp"

namespace xeras {

// One pass of data through a plan: finds memory for what each layer declared, calls the layers in order, and remembers
// what backward needs.
struct Pass {
  // Runs one layer. Where output.data is null the arena provides it; where the layer hands its input on, the output is
  // the input (or a copy of it in output.data).
  static Flow forward(const Node& node, Workspace& workspace, const Flow& input, View output);
  // Runs layers in a row; the last one's output is `output`, as above.
  static Flow forward_chain(std::span<const Node> nodes, Workspace& workspace, const Flow& input, View output);

  // input_grad.data is null where nobody wants it; output_grad may be overwritten.
  static void backward(const Node& node, Workspace& workspace, View output_grad, View input_grad);
  static void backward_chain(std::span<const Node> nodes, Workspace& workspace, View output_grad, View input_grad);

 private:
  // Two layers in a row as one; see fusion.hpp.
  static Flow forward_joined(const Node& first, const Node& second, Workspace& workspace, const Flow& input,
                             View output);
  static void backward_joined(const Node& first, const Node& second, Workspace& workspace, View output_grad,
                              View input_grad);
  static void provide_buffers(const Node& node, Workspace& workspace, bool saved, Arena& arena);
  static bool wants_gradients(const Node& node, const Workspace& workspace);
};

}  // namespace xeras
