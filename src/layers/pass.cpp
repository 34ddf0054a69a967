#include "layers/pass.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/checked.hpp"
#include "core/shown.hpp"
#include "core/wrong_shape.hpp"
#include "layers/fusion.hpp"
#include "layers/unwritten.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

std::string title(const Node& node) {
  return fmt::format("{} \"{}\"", node.layer->class_name(), shown(node.layer->name()));
}

// That an input which a layer hands on is what it says of its output.
void require_passable(const Node& node, ConstView input, const Extents& output) {
  const bool is_ids = node.input.dtype == DType::int32;
  if (!is_ids && input.extents.size() == output.size()) return;
  throw ShapeError(
      fmt::format("{}: passes_input is true for {} of shape {} and an output of shape {}; expected floats, and as many "
                  "in the output. Return false, and write forward and backward.",
                  title(node), is_ids ? "ids" : "floats", input.extents.to_string(), output.to_string()));
}

void require_written(const Node& node, View input_grad) {
  if (first_unwritten(input_grad.data, input_grad.size()) < 0) return;
  throw Error(
      fmt::format("{}: backward leaves the gradient of its input as it was, at least in part; expected it to be set. "
                  "Where call.wants_input_grad(), set call.input_grad(), do not add to it.",
                  title(node)));
}

}  // namespace

void Pass::provide_buffers(const Node& node, Workspace& workspace, bool saved, Arena& arena) {
  const Extents& input = workspace.nodes[node.number].input.extents;
  for (std::size_t i = 0; i < node.buffers.size(); ++i) {
    const BufferSpec& spec = node.buffers[i];
    if (spec.saved != saved) continue;
    Extents extents;
    for (std::size_t axis = 0; axis < spec.shape.rank(); ++axis) {
      const Dim dim = spec.shape[axis];
      extents.push_back(dim.known() ? dim.size() : axis < input.rank() ? input[axis] : 0);
    }
    if (!fits_memory(extents)) {
      throw InvalidInput(
          fmt::format("{}: a batch of shape {} needs a buffer of shape {}; expected fewer than 2^45 numbers, which "
                      "memory can hold. Bring smaller batches.",
                      title(node), input.to_string(), extents.to_string()));
    }
    workspace.buffer_extents[node.first_buffer + i] = extents;
    workspace.buffers[node.first_buffer + i] = arena.floats(extents.size());
  }
}

View Pass::forward(const Node& node, Workspace& workspace, ConstView input, MaskView mask, View output) {
  NodeState& state = workspace.nodes[node.number];
  const Extents extents = node.layer->extents_after(input.extents);
  state.input = input;
  state.mask = mask;
  state.output_mask = node.output.masked ? mask : MaskView{};
  state.passed = node.layer->passes_input(workspace.training);
  if (state.passed) {
    require_passable(node, input, extents);
    // Nobody writes to a layer's input, so that the cast is safe.
    state.output = {const_cast<float*>(input.data), extents};
    if (output.data != nullptr) {
      std::copy_n(input.data, extents.size(), output.data);
      state.output.data = output.data;
    }
  } else {
    state.output = {output.data != nullptr ? output.data : workspace.arena.floats(extents.size()), extents};
    const Arena::Mark mark = workspace.scratch.mark();
    provide_buffers(node, workspace, true, workspace.keep ? workspace.arena : workspace.scratch);
    provide_buffers(node, workspace, false, workspace.scratch);
    try {
      node.layer->forward(Call(node, workspace));
    } catch (const WrongShape& error) {
      throw error.as(title(node));
    }
    workspace.scratch.release(mark);
  }
  if (workspace.collect_losses && node.activity_regularizer && workspace.samples > 0) {
    workspace.activity_loss +=
        node.activity_regularizer->penalty(extents, state.output.data) / static_cast<double>(workspace.samples);
  }
  return state.output;
}

View Pass::forward_joined(const Node& first, const Node& second, Workspace& workspace, ConstView input, View output) {
  const Extents between = first.layer->extents_after(input.extents);
  const Extents extents = second.layer->extents_after(between);
  output = {output.data != nullptr ? output.data : workspace.arena.floats(extents.size()), extents};
  NodeState &from = workspace.nodes[first.number] = {}, &to = workspace.nodes[second.number] = {};
  from.input = input;
  to.input = {nullptr, between};
  to.output = output;
  const Arena::Mark mark = workspace.scratch.mark();
  for (const Node* node : {&first, &second}) {
    provide_buffers(*node, workspace, true, workspace.keep ? workspace.arena : workspace.scratch);
    provide_buffers(*node, workspace, false, workspace.scratch);
  }
  layers::ConvMaxPooling(first, second).forward(Call(first, workspace), Call(second, workspace));
  workspace.scratch.release(mark);
  return output;
}

View Pass::forward_chain(std::span<const Node> nodes, Workspace& workspace, ConstView input, MaskView mask,
                         View output) {
  View now{const_cast<float*>(input.data), input.extents};
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool joined = i + 1 < nodes.size() && layers::ConvMaxPooling::joins(nodes[i], nodes[i + 1]);
    const View to = i + (joined ? 2 : 1) == nodes.size() ? output : View{};
    const ConstView from{now.data, now.extents};
    now = joined ? forward_joined(nodes[i], nodes[i + 1], workspace, from, to)
                 : forward(nodes[i], workspace, from, mask, to);
    if (joined) ++i;
    mask = workspace.nodes[nodes[i].number].output_mask;
  }
  return now;
}

bool Pass::wants_gradients(const Node& node, const Workspace& workspace) {
  const auto wanted = [&](const Node::Slot& slot) { return workspace.gradients[slot.number].wanted; };
  const auto child_wants = [&](const Node& child) { return wants_gradients(child, workspace); };
  return std::any_of(node.weights.begin(), node.weights.end(), wanted) ||
         std::any_of(node.children.begin(), node.children.end(), child_wants);
}

void Pass::backward(const Node& node, Workspace& workspace, View output_grad, View input_grad) {
  NodeState& state = workspace.nodes[node.number];
  if (node.activity_regularizer && workspace.samples > 0) {
    node.activity_regularizer->add_gradient(output_grad.extents, state.output.data,
                                            1.0f / static_cast<float>(workspace.samples), output_grad.data);
  }
  if (state.passed) {
    if (input_grad.data != nullptr) std::copy_n(output_grad.data, output_grad.size(), input_grad.data);
    return;
  }
  state.output_grad = output_grad;
  state.input_grad = input_grad;
  const Arena::Mark mark = workspace.scratch.mark();
  provide_buffers(node, workspace, false, workspace.scratch);
  const bool looks = workspace.look_for_gaps && input_grad.data != nullptr;
  if (looks) mark_unwritten(input_grad.data, input_grad.size());
  try {
    node.layer->backward(BackwardCall(node, workspace));
  } catch (const WrongShape& error) {
    throw error.as(title(node));
  }
  if (looks) require_written(node, input_grad);
  workspace.scratch.release(mark);
}

void Pass::backward_joined(const Node& first, const Node& second, Workspace& workspace, View output_grad,
                           View input_grad) {
  workspace.nodes[second.number].output_grad = output_grad;
  workspace.nodes[first.number].input_grad = input_grad;
  const Arena::Mark mark = workspace.scratch.mark();
  provide_buffers(first, workspace, false, workspace.scratch);
  layers::ConvMaxPooling(first, second).backward(BackwardCall(first, workspace), BackwardCall(second, workspace));
  workspace.scratch.release(mark);
}

void Pass::backward_chain(std::span<const Node> nodes, Workspace& workspace, View output_grad, View input_grad) {
  // What comes before the first layer that learns needs no gradient.
  std::size_t first = 0;
  if (input_grad.data == nullptr) {
    while (first < nodes.size() && !wants_gradients(nodes[first], workspace)) {
      ++first;
    }
  }
  for (std::size_t i = nodes.size(); i-- > first;) {
    const Node& last = nodes[i];
    const bool joined = i > first && layers::ConvMaxPooling::joins(nodes[i - 1], last);
    if (joined) --i;
    const NodeState& state = workspace.nodes[nodes[i].number];
    View grad;
    if (i == first) {
      grad = i == 0 ? input_grad : View{};
    } else if (state.passed) {
      // The gradient goes on where it is, as the values did.
      grad = {output_grad.data, state.input.extents};
    } else {
      grad = {workspace.arena.floats(state.input.extents.size()), state.input.extents};
    }
    if (joined) {
      backward_joined(nodes[i], last, workspace, output_grad, grad);
    } else if (state.passed && grad.data == output_grad.data) {
      View none{nullptr, grad.extents};
      backward(nodes[i], workspace, output_grad, none);
    } else {
      backward(nodes[i], workspace, output_grad, grad);
    }
    output_grad = grad;
  }
}

}  // namespace xeras
