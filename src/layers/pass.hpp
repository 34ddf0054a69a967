#pragma once

#include "layers/workspace.hpp"

namespace xeras {

// One pass of data through a plan: finds memory for what each layer declared, calls the layers in order, and remembers
// what backward needs.
struct Pass {
  // Runs one layer. Where output.data is null the arena provides it; where the layer hands its input on, the output is
  // the input (or a copy of it in output.data).
  static View forward(const Node& node, Workspace& workspace, ConstView input, MaskView mask, View output);
  // Runs layers in a row; the last one's output is `output`, as above.
  static View forward_chain(std::span<const Node> nodes, Workspace& workspace, ConstView input, MaskView mask,
                            View output);

  // input_grad.data is null where nobody wants it; output_grad may be overwritten.
  static void backward(const Node& node, Workspace& workspace, View output_grad, View input_grad);
  static void backward_chain(std::span<const Node> nodes, Workspace& workspace, View output_grad, View input_grad);

 private:
  // Two layers in a row as one; see fusion.hpp.
  static View forward_joined(const Node& first, const Node& second, Workspace& workspace, ConstView input, View output);
  static void backward_joined(const Node& first, const Node& second, Workspace& workspace, View output_grad,
                              View input_grad);
  static void provide_buffers(const Node& node, Workspace& workspace, bool saved, Arena& arena);
  static bool wants_gradients(const Node& node, const Workspace& workspace);
};

}  // namespace xeras
