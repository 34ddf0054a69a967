#include "xeras/layers/call.hpp"

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

#include "core/input_visit.hpp"
#include "core/processes.hpp"
#include "layers/pass.hpp"
#include "layers/repeats.hpp"
#include "layers/workspace.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

IdsView as_integers(const View& memory) { return {reinterpret_cast<std::int32_t*>(memory.data), memory.extents}; }

}  // namespace

bool Call::training() const { return workspace_->training; }

ConstView Call::input() const {
  assert(node_->input.dtype == DType::float32);
  return workspace_->nodes[node_->number].input.values.as<float>();
}

StringsView Call::strings() const {
  assert(node_->input.dtype == DType::string);
  return workspace_->nodes[node_->number].input.values.as<std::string_view>();
}

AnyView Call::ids() const {
  assert(node_->input.dtype == DType::int32);
  return workspace_->nodes[node_->number].input.values;
}

void Call::read_ids(std::int64_t* to) const {
  const AnyView from = ids();
  visit_data(from.kind, from.data, [&](const auto* data) {
    std::transform(data, data + from.extents.size(), to, [](auto id) { return static_cast<std::int64_t>(id); });
  });
}

std::int64_t Call::sample_number(std::int64_t sample) const {
  const std::int64_t* numbers = workspace_->sample_numbers;
  return workspace_->first_sample + (numbers != nullptr ? numbers[sample] : sample);
}

Repeats Call::repeats() const {
  AlikeRows* const alike = workspace_->nodes[node_->number].input.alike;
  if (alike == nullptr) return {};
  if (alike->repeats.number.empty()) alike->repeats = find_repeats(alike->ids, workspace_->arena, workspace_->scratch);
  return alike->repeats;
}

void Call::alike_where(std::span<const std::int32_t> ids) const {
  workspace_->nodes[node_->number].output_alike =
      new (workspace_->arena.allocate(sizeof(AlikeRows))) AlikeRows{ids, {}};
}

const float* Call::labels() const { return node_ == workspace_->gives_loss ? workspace_->labels : nullptr; }

View Call::output() const { return workspace_->nodes[node_->number].output; }
IdsView Call::output_ids() const {
  assert(node_->output.dtype == DType::int32);
  return as_integers(output());
}
MaskView Call::mask() const { return workspace_->nodes[node_->number].input.mask; }

ConstView Call::operator[](Weight weight) const {
  const Tensor& value = std::as_const(*node_->weights[static_cast<std::size_t>(weight)].variable).value();
  return {value.data(), extents_of(value)};
}

const float* Call::operator[](Packed packed) const {
  const PackedSpec& spec = node_->packed[static_cast<std::size_t>(packed)];
  const Variable& variable = *node_->weights[spec.weight].variable;
  if (!workspace_->keep) return spec.copy->of(variable, spec.size, spec.pack);
  float* const memory = scratch(spec.size);
  spec.pack(variable.value().data(), memory);
  return memory;
}

ConstView Call::lookup(Weight weight, std::span<const std::int32_t> ids) const {
  const Node::Slot& slot = node_->weights[static_cast<std::size_t>(weight)];
  if (!workspace_->keep || !workspace_->gradients[slot.number].wanted) return (*this)[weight];
  RowGradient& gradient = workspace_->gradients[slot.number].rows;
  gradient.group(ids, slot.variable->extents()[0]);
  slot.variable->catch_up(gradient.grouped_rows());
  return {slot.variable->peek(), slot.variable->extents()};
}

float* Call::scratch(std::size_t count) const { return workspace_->scratch.floats(static_cast<std::int64_t>(count)); }

View Call::operator[](State state) const {
  Tensor& value = node_->layer->states_[static_cast<std::size_t>(state)];
  return {value.data(), extents_of(value)};
}

View Call::update(Weight weight) const {
  assert(workspace_->training);
  Variable* variable = node_->weights[static_cast<std::size_t>(weight)].variable;
  float* value = workspace_->arena.floats(static_cast<std::int64_t>(variable->size()));
  workspace_->updates.push_back({variable, value});
  return {value, variable->extents()};
}

View Call::operator[](Buffer buffer) const {
  const std::size_t number = node_->first_buffer + static_cast<std::size_t>(buffer);
  return {workspace_->buffers[number], workspace_->buffer_extents[number]};
}

IdsView Call::integers(Buffer buffer) const { return as_integers((*this)[buffer]); }

RandomStream Call::random(std::optional<std::int64_t> seed, std::int64_t draws_per_row) const {
  const RandomStream stream = seed ? RandomStream(static_cast<std::uint64_t>(*seed), workspace_->step)
                                   : RandomStream(workspace_->random_key, node_->number);
  if (workspace_->samples_before == 0) return stream;
  const std::int64_t rows = workspace_->nodes[node_->number].input.values.extents[0];
  return stream.from(
      static_cast<std::uint64_t>(workspace_->samples_before * (rows / workspace_->samples) * draws_per_row));
}

std::int64_t Call::batch_rows() const {
  const std::int64_t rows = workspace_->nodes[node_->number].input.values.extents[0];
  const bool is_part = workspace_->samples != workspace_->batch_samples;
  return is_part ? rows / workspace_->samples * workspace_->batch_samples : rows;
}

void Call::sum_over_batch(std::span<double> sums) const {
  if (workspace_->samples != workspace_->batch_samples) processes()->sum(sums);
}

std::span<std::uint8_t> Call::make_mask() const {
  NodeState& state = workspace_->nodes[node_->number];
  const std::int64_t batch = state.output.extents[0], time = state.output.extents[1];
  const auto size = static_cast<std::size_t>(batch * time);
  auto* mask = static_cast<std::uint8_t*>(workspace_->arena.allocate(size));
  state.output_mask = {mask, {batch, time}};
  return {mask, size};
}

View Call::run(Child child, const Flow& input, View output) const {
  const Node& node = node_->children[static_cast<std::size_t>(child)];
  Pass::forward(node, *workspace_, input, output);
  return workspace_->nodes[node.number].output;
}

View Call::run(Child child, View output) const { return run(child, workspace_->nodes[node_->number].input, output); }

View Call::run(Child child, ConstView input, MaskView mask, View output) const {
  return run(child, Flow{input, mask}, output);
}

void Call::run_chain() const {
  NodeState& state = workspace_->nodes[node_->number];
  const Flow result = Pass::forward_chain(node_->children, *workspace_, state.input, state.output);
  state.output_mask = result.mask;
  state.output_alike = result.alike;
}

View BackwardCall::output_grad() const { return workspace_->nodes[node_->number].output_grad; }

View BackwardCall::input_grad() const {
  const NodeState& state = workspace_->nodes[node_->number];
  if (state.input_grad.data != nullptr) return state.input_grad;
  // Layers may write it without calling wants_input_grad.
  const Extents& extents = state.input.values.extents;
  return {workspace_->scratch.floats(extents.size()), extents};
}

bool BackwardCall::wants_input_grad() const { return workspace_->nodes[node_->number].input_grad.data != nullptr; }

bool BackwardCall::wants_grad(Weight weight) const {
  return workspace_->gradients[node_->weights[static_cast<std::size_t>(weight)].number].wanted;
}

View BackwardCall::grad(Weight weight) const {
  const Node::Slot& slot = node_->weights[static_cast<std::size_t>(weight)];
  GradientSlot& gradient = workspace_->gradients[slot.number];
  // Layers may write that of a frozen weight, which is never read.
  if (!gradient.wanted) gradient.dense.resize(slot.variable->size());
  return {gradient.dense.data(), slot.variable->extents()};
}

void BackwardCall::add_rows(Weight weight, std::span<const std::int32_t> ids, const float* values) const {
  const Node::Slot& slot = node_->weights[static_cast<std::size_t>(weight)];
  const std::int64_t rows = slot.variable->extents()[0], size = static_cast<std::int64_t>(slot.variable->size());
  workspace_->gradients[slot.number].rows.add(ids, values, rows, size / std::max<std::int64_t>(1, rows));
}

void BackwardCall::run_backward(Child child, View output_grad, View input_grad) const {
  Pass::backward(node_->children[static_cast<std::size_t>(child)], *workspace_, output_grad, input_grad);
}

void BackwardCall::run_chain_backward() const {
  Pass::backward_chain(node_->children, *workspace_, output_grad(), workspace_->nodes[node_->number].input_grad);
}

}  // namespace xeras
