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

// Throws ShapeError unless the input, which the layer passes, can be the output.
void require_passable(const Node& node, const AnyView& input, const Extents& output) {
  if (node.input.dtype == DType::float32 && input.extents.size() == output.size()) return;
  throw ShapeError(
      fmt::format("{}: passes_input is true for {} of shape {} and an output of shape {}; expected floats, and an "
                  "output of the same size. Return false, and override forward and backward.",
                  title(node), plural_of(node.input.dtype), input.extents.to_string(), output.to_string()));
}

void require_written(const Node& node, View input_grad) {
  if (first_unwritten(input_grad.data, input_grad.size()) < 0) return;
  throw Error(
      fmt::format("{}: backward leaves elements of the input gradient unset; expected it to set all of them. If "
                  "call.wants_input_grad(), assign to call.input_grad(), do not add to it.",
                  title(node)));
}

// Returns the output of a layer as the input of the next one.
Flow flow_out(const Node& node, const NodeState& state) {
  const ElementKind kind = node.output.dtype == DType::int32 ? ElementKind::i32 : ElementKind::f32;
  return {{state.output.data, state.output.extents, kind}, state.output_mask, state.output_alike};
}

}  // namespace

void Pass::provide_buffers(const Node& node, Workspace& workspace, bool saved, Arena& arena) {
  const NodeState& state = workspace.nodes[node.number];
  const Extents &input = state.input.values.extents, &output = state.output.extents;
  for (std::size_t i = 0; i < node.buffers.size(); ++i) {
    const BufferSpec& spec = node.buffers[i];
    if (spec.saved != saved) continue;
    Extents extents;
    for (const Dim dim : spec.shape) extents.push_back(dim.resolve(input.data(), output.data()));
    if (!fits_memory(extents)) {
      throw InvalidInput(
          fmt::format("{}: a batch of shape {} needs a buffer of shape {}; expected fewer than 2^45 numbers, which "
                      "memory can hold. Use smaller batches.",
                      title(node), input.to_string(), extents.to_string()));
    }
    workspace.buffer_extents[node.first_buffer + i] = extents;
    workspace.buffers[node.first_buffer + i] = arena.floats(extents.size());
  }
}

Flow Pass::forward(const Node& node, Workspace& workspace, const Flow& input, View output) {
  NodeState& state = workspace.nodes[node.number];
  Extents extents = node.layer->extents_for(input.values);
  if (&node == workspace.gives_loss) extents[extents.rank() - 1] = 1;
  state.input = input;
  state.output_mask = node.output.masked ? input.mask : MaskView{};
  state.output_alike = nullptr;
  state.passed = node.layer->passes_input(workspace.training);
  if (state.passed) {
    require_passable(node, input.values, extents);
    const auto* const from = static_cast<const float*>(input.values.data);
    // Inputs of layers are never written, so the cast is safe.
    state.output = {const_cast<float*>(from), extents};
    if (extents == input.values.extents) state.output_alike = input.alike;
    if (output.data != nullptr) {
      std::copy_n(from, extents.size(), output.data);
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
  if (workspace.collect_losses && node.activity_regularizer && workspace.batch_samples > 0) {
    workspace.activity_loss +=
        node.activity_regularizer->penalty(extents, state.output.data) / static_cast<double>(workspace.batch_samples);
  }
  return flow_out(node, state);
}

Flow Pass::forward_joined(const Node& first, const Node& second, Workspace& workspace, const Flow& input, View output) {
  const Extents between = first.layer->extents_after(input.values.extents);
  const Extents extents = second.layer->extents_after(between);
  output = {output.data != nullptr ? output.data : workspace.arena.floats(extents.size()), extents};
  NodeState &from = workspace.nodes[first.number] = {}, &to = workspace.nodes[second.number] = {};
  from.input = input;
  from.output.extents = between;
  to.input.values.extents = between;
  to.output = output;
  const Arena::Mark mark = workspace.scratch.mark();
  for (const Node* node : {&first, &second}) {
    provide_buffers(*node, workspace, true, workspace.keep ? workspace.arena : workspace.scratch);
    provide_buffers(*node, workspace, false, workspace.scratch);
  }
  first.joins_next->forward({first, second, workspace}, Call(first, workspace), Call(second, workspace));
  workspace.scratch.release(mark);
  return flow_out(second, to);
}

Flow Pass::forward_chain(std::span<const Node> nodes, Workspace& workspace, const Flow& input, View output) {
  Flow now = input;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const bool joined = nodes[i].joins_next != nullptr;
    const View to = i + (joined ? 2 : 1) == nodes.size() ? output : View{};
    now = joined ? forward_joined(nodes[i], nodes[i + 1], workspace, now, to) : forward(nodes[i], workspace, now, to);
    if (joined) ++i;
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
  if (node.activity_regularizer && workspace.batch_samples > 0) {
    node.activity_regularizer->add_gradient(output_grad.extents, state.output.data,
                                            1.0f / static_cast<float>(workspace.batch_samples), output_grad.data);
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
  first.joins_next->backward({first, second, workspace}, BackwardCall(first, workspace),
                             BackwardCall(second, workspace));
  workspace.scratch.release(mark);
}

void Pass::backward_chain(std::span<const Node> nodes, Workspace& workspace, View output_grad, View input_grad,
                          const std::function<void(const Node&)>& done) {
  // No gradient is needed before the first layer that learns, and none exists before a layer that reads ids or strings.
  std::size_t first = 0;
  if (input_grad.data == nullptr) {
    while (first < nodes.size() && !wants_gradients(nodes[first], workspace)) ++first;
  }
  for (std::size_t i = first; i < nodes.size(); ++i) {
    if (nodes[i].input.dtype != DType::float32) first = i;
  }
  for (std::size_t i = nodes.size(); i-- > first;) {
    const Node& last = nodes[i];
    const bool joined = i > first && nodes[i - 1].joins_next != nullptr;
    if (joined) --i;
    const NodeState& state = workspace.nodes[nodes[i].number];
    View grad;
    if (i == first) {
      grad = i == 0 ? input_grad : View{};
    } else if (state.passed) {
      grad = {output_grad.data, state.input.values.extents};
    } else {
      const Extents& extents = state.input.values.extents;
      grad = {workspace.arena.floats(extents.size()), extents};
    }
    const bool in_place = state.passed && grad.data == output_grad.data;
    if (joined) {
      backward_joined(nodes[i], last, workspace, output_grad, grad);
      done(last);
    } else {
      backward(nodes[i], workspace, output_grad, in_place ? View{nullptr, grad.extents} : grad);
    }
    done(nodes[i]);
    output_grad = grad;
  }
}

}  // namespace xeras
