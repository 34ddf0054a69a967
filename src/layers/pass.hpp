#pragma once

#include <functional>

#include "layers/workspace.hpp"

namespace xeras {

// The passes of data through a plan: allocate the declared memory of each layer, call the layers in order, and store
// the values for backward.
struct Pass {
  // Runs one layer. If output.data is null, the arena provides the memory. If the layer passes its input, the output is
  // the input (or its copy in output.data).
  static Flow forward(const Node& node, Workspace& workspace, const Flow& input, View output);
  // Runs layers in sequence; the output of the last one is `output`, as above.
  static Flow forward_chain(std::span<const Node> nodes, Workspace& workspace, const Flow& input, View output);

  // input_grad.data is null if it is not needed. output_grad may be overwritten.
  static void backward(const Node& node, Workspace& workspace, View output_grad, View input_grad);
  // Calls done(node) after each layer.
  static void backward_chain(
      std::span<const Node> nodes, Workspace& workspace, View output_grad, View input_grad,
      const std::function<void(const Node&)>& done = [](const Node&) {});

 private:
  // Run two fused layers; see fusion.hpp.
  static Flow forward_joined(const Node& first, const Node& second, Workspace& workspace, const Flow& input,
                             View output);
  static void backward_joined(const Node& first, const Node& second, Workspace& workspace, View output_grad,
                              View input_grad);
  static void provide_buffers(const Node& node, Workspace& workspace, bool saved, Arena& arena);
  static bool wants_gradients(const Node& node, const Workspace& workspace);
};

}  // namespace xeras
