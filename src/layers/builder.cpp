#include "xeras/layers/builder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/checked.hpp"
#include "core/memory.hpp"
#include "core/shown.hpp"
#include "layers/fusion.hpp"
#include "layers/node.hpp"
#include "layers/snake_case.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

// Throws unless an array of this shape, with 1 for each None, fits into memory.
void require_fits(const std::string& who, const std::string& what, const Shape& shape) {
  if (shape.rank() > Extents::max_rank) {
    throw ShapeError(fmt::format("{}: {} has shape {}; expected at most {} axes. Join some with Reshape.", who, what,
                                 shape.to_string(), Extents::max_rank));
  }
  if (fits_memory(shape)) return;
  throw InvalidArgument(
      fmt::format("{}: {} has shape {}; expected fewer than 2^45 numbers, which memory can hold. Check the sizes that "
                  "the layer was given.",
                  who, what, shape.to_string()));
}

// Throws unless a layer returns floats or ids, with the batch of its input as the first axis.
void check_output(const std::string& who, const Spec& input, const Spec& output) {
  require_fits(who, "output", output.shape);
  const Dim batch = input.shape.rank() == 0 ? Dim(None) : input.shape[0];
  if (output.dtype == DType::string) {
    throw ShapeError(
        fmt::format("{}: build returns strings; expected floats or ids. Layers cannot return strings.", who));
  }
  if (output.shape.rank() > 0 && output.shape[0] == batch) return;
  throw ShapeError(
      fmt::format("{}: build returns {} for input {}; expected the batch, {}, as the first axis. A layer returns as "
                  "many samples as it gets.",
                  who, output.shape.to_string(), input.shape.to_string(), batch.to_string()));
}

// Returns the shape with each None named by its own axis.
Shape by_own_axes(Shape shape) {
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) {
    if (!shape[axis].known()) shape[axis] = Dim::input_axis(axis);
  }
  return shape;
}

// Returns possible sizes of one call: 1 for each None.
Extents trial_sizes(const Shape& shape) {
  Extents sizes;
  for (const Dim dim : shape) sizes.push_back(dim.known() ? dim.size() : 1);
  return sizes;
}

}  // namespace

void Builder::expect(const Spec& input, const Expected& expected) const {
  const auto fail = [&](const std::string& what, const std::string& advice) {
    throw ShapeError(fmt::format("{}: input is {}; expected {}. {}", who(), input.shape.to_string(), what, advice));
  };
  if (expected.dtype != DType::float32 && input.dtype == DType::float32 && node_.number == 0) {
    throw ShapeError(fmt::format(
        "{}: input is floats; expected {}. Override first_input, which tells a model what its first layer takes.",
        who(), plural_of(expected.dtype)));
  }
  if (expected.dtype == DType::int32 && input.dtype == DType::float32) {
    throw ShapeError(
        fmt::format("{}: input is floats; expected ids, from the model's input or from a layer that returns ids. Make "
                    "it the first layer.",
                    who()));
  }
  const auto advice_for_less = [&]() -> std::string {
    if (context_.last_step_of.empty()) return "Check the layers before it.";
    return fmt::format("Set return_sequences = true in {}, for its output at every step.", context_.last_step_of);
  };
  if (input.dtype != expected.dtype) {
    throw ShapeError(fmt::format("{}: input is {}; expected {}. Put {} first.", who(), plural_of(input.dtype),
                                 plural_of(expected.dtype),
                                 input.dtype == DType::int32 ? "an Embedding" : "a layer that takes them"));
  }
  if (expected.rank && input.shape.rank() != *expected.rank) {
    const char* axes = *expected.rank == 2 ? "(batch, features)" : "(batch, time, features)";
    fail(fmt::format("rank {}, {}", *expected.rank, axes),
         input.shape.rank() > *expected.rank
             ? "Use a layer that ends the time axis (Flatten, GlobalAveragePooling1D) before it."
             : advice_for_less());
  }
  if (expected.min_rank && input.shape.rank() < *expected.min_rank) {
    fail(fmt::format("rank {} or more", *expected.min_rank), advice_for_less());
  }
}

Weight Builder::weight(const std::string& name, const Shape& shape, const InitializerArgument& initializer,
                       WeightOptions options) {
  if (!shape.known()) {
    throw ShapeError(
        fmt::format("{}: input is {}; expected a known last axis. {}", who(), node_.input.shape.to_string(),
                    context_.takes_ids ? "Give the Embedding input_length, so that Flatten's size is known."
                                       : "Give the first layer an input_shape without None."));
  }
  require_fits(layer_.who(), fmt::format("weight \"{}\"", name), shape);
  if (!initializer) {
    throw InvalidArgument(
        fmt::format("{}: the initializer of \"{}\" is null; expected a name or an object. Leave the option out for its "
                    "default; a layer that was moved from has none.",
                    who(), name));
  }
  const std::size_t index = node_.weights.size();
  if (context_.limits.weights && (*context_.limits.weights -= shape.size()) < 0) {
    throw InvalidArgument(
        fmt::format("{}: weight \"{}\" of shape {} is larger than the file; expected weights that the file holds.",
                    layer_.who(), name, shape.to_string()));
  }
  if (index == layer_.variables_.size()) {
    try {
      Variable variable(name, empty_tensor(shape));
      if (!context_.limits.weights) initializer->fill(shape, variable.to_write());
      layer_.variables_.push_back(std::move(variable));
    } catch (const OutOfMemory&) {
      throw InvalidArgument(
          fmt::format("{}: weight \"{}\" of shape {} needs {} MiB, more than is available; expected what memory can "
                      "hold. Check the sizes that the layer was given.",
                      layer_.who(), name, shape.to_string(), shape.size() >> 18));
    }
  }
  Variable& variable = layer_.variables_[index];
  if (variable.name != name || shape_of(variable.value()) != shape) {
    throw ShapeError(
        fmt::format("{}: weight \"{}\" would have shape {}; expected {}, which it was built with. Use a new layer for "
                    "another input.",
                    who(), name, shape.to_string(), shape_of(variable.value()).to_string()));
  }
  variable.trainable = options.trainable;
  variable.lookup = options.lookup;
  variable.regularizer = std::move(options.regularizer);
  variable.constraint = std::move(options.constraint);
  // The address is set when all weights are declared, since the vector may still grow.
  node_.weights.push_back({nullptr, context_.variables++});
  return Weight{static_cast<std::uint32_t>(index)};
}

Buffer Builder::saved(const Shape& shape) {
  require_fits(who(), "a saved buffer", shape);
  node_.buffers.push_back({shape, true});
  return Buffer{static_cast<std::uint32_t>(node_.buffers.size() - 1)};
}

Buffer Builder::scratch(const Shape& shape) {
  require_fits(who(), "a scratch buffer", shape);
  node_.buffers.push_back({shape, false});
  return Buffer{static_cast<std::uint32_t>(node_.buffers.size() - 1)};
}

Packed Builder::packed(Weight weight, std::int64_t size, std::function<void(const float* value, float* to)> pack) {
  node_.packed.push_back({static_cast<std::size_t>(weight), static_cast<std::size_t>(size), std::move(pack),
                          std::make_shared<PackedCopy>()});
  return Packed{static_cast<std::uint32_t>(node_.packed.size() - 1)};
}

State Builder::state(const Shape& shape) {
  if (!shape.known()) {
    throw ShapeError(fmt::format("{}: input is {}; expected a fixed batch for a stateful layer. {}", who(),
                                 node_.input.shape.to_string(),
                                 context_.takes_ids ? "Give the Embedding batch_input_shape = {32, None}."
                                                    : "Build the model with it: model.build({32, 10, 4})."));
  }
  require_fits(who(), "a state", shape);
  if (context_.limits.states && (*context_.limits.states -= shape.size()) < 0) {
    throw InvalidArgument(
        fmt::format("{}: a state of shape {} is far larger than the file; expected a smaller batch size. Build the "
                    "model in code, and load its weights.",
                    layer_.who(), shape.to_string()));
  }
  const std::size_t index = node_.states++;
  if (index == layer_.states_.size()) layer_.states_.emplace_back();
  Tensor& state = layer_.states_[index];
  if (state.size() == 0 || shape_of(state) != shape) {
    state = empty_tensor(shape);
    std::fill(state.begin(), state.end(), 0.0f);
  }
  context_.has_states = true;
  return State{static_cast<std::uint32_t>(index)};
}

Spec Builder::child(Layer& layer, const Spec& input, std::string place) {
  if (layer.name_.empty()) layer.name_ = snake_case(layer.class_name());
  const std::string parent = who();
  const std::size_t index = node_.children.size();
  context_.who = fmt::format("{} > layer {} \"{}\" ({})", parent, index, shown(layer.name()), layer.class_name());
  node_.children.push_back(build_node(layer, input, context_));
  node_.places.push_back(std::move(place));
  context_.who = parent;
  Spec output = node_.children.back().output;
  for (std::size_t axis = 0; axis < output.shape.rank(); ++axis) {
    output.shape[axis] = output.shape[axis].in_terms_of(input.shape.dims());
  }
  return output;
}

Spec Builder::chain(std::span<AnyLayer> layers, const Spec& input) {
  Spec now = input;
  bool is_own = false, used = false;  // a layer of the chain made the mask; a layer used the input's mask
  for (AnyLayer& layer : layers) {
    now = child(*layer, now);
    const MaskRole role = node_.children.back().mask_role;
    if (!is_own && input.masked) used |= role == MaskRole::used || role == MaskRole::used_and_passed;
    is_own |= role == MaskRole::made;
    layers::Fusion::mark(node_.children);
  }
  node_.is_chain = true;
  node_.masks_padding = node_.children.front().masks_padding;
  if (now.masked && is_own) {
    makes_mask();
  } else if (used) {
    uses_mask();
  } else if (!now.masked) {
    ends_mask();
  }
  return now;
}

void Builder::uses_mask() { node_.mask_role = MaskRole::used; }
void Builder::makes_mask() { node_.mask_role = MaskRole::made; }
void Builder::ends_mask() { node_.mask_role = MaskRole::ended; }

void Builder::step_by_step() { node_.steps = InputSteps::apart; }
void Builder::ignores_masked_steps() { node_.steps = InputSteps::masked_ones_ignored; }
void Builder::masks_padding() { node_.masks_padding = true; }
void Builder::gives_last_step() { node_.gives_last_step = true; }
void Builder::has_cell() { node_.has_cell = true; }

void Builder::activity_regularizer(const RegularizerArgument& regularizer) { node_.activity_regularizer = regularizer; }

const std::string& Builder::who() const { return context_.who; }

Node Builder::build_node(Layer& layer, const Spec& input, BuildContext& context) {
  Node node;
  node.layer = &layer;
  node.input = {by_own_axes(input.shape), input.dtype, input.masked};
  node.number = context.nodes++;
  Builder builder(layer, node, context);
  require_fits(context.who, "input", input.shape);
  node.output = layer.build(node.input, builder);
  check_output(context.who, input, node.output);
  if (node.activity_regularizer && node.output.dtype != DType::float32) {
    throw InvalidArgument(
        fmt::format("{}: activity_regularizer on a layer that returns ids; expected a layer that returns floats. Leave "
                    "it out.",
                    context.who));
  }
  builder.check_mask(node.output);
  builder.check_sizes();
  for (std::size_t i = 0; i < node.weights.size(); ++i) node.weights[i].variable = &layer.variables_[i];
  node.first_buffer = context.buffers;
  context.buffers += node.buffers.size();
  layer.input_ = node.input;
  layer.output_ = node.output;
  builder.check_output_sizes();
  layer.plan_ = context.use;
  if (node.output.shape.rank() > 2) {
    context.last_step_of.clear();
  } else if (node.gives_last_step) {
    context.last_step_of = layer.who();
  }
  return node;
}

// Names the axes of plain None: the batch as the first axis of a shape, and elsewhere in the output the size that
// output_extents sets. Throws ShapeError for others.
void Builder::check_sizes() const {
  Shape& output = node_.output.shape;
  for (std::size_t axis = 0; axis < output.rank(); ++axis) {
    if (!output[axis].resolvable()) output[axis] = Dim::output_axis(axis);
  }
  const Extents given = trial_sizes(node_.input.shape), gives = trial_sizes(output);
  for (BufferSpec& buffer : node_.buffers) {
    for (std::size_t axis = 0; axis < buffer.shape.rank(); ++axis) {
      Dim& dim = buffer.shape[axis];
      if (axis == 0 && !dim.resolvable()) dim = Dim::input_axis(0);
      if (dim.known() || dim.resolve(given.data(), gives.data()) > 0) continue;
      throw ShapeError(fmt::format(
          "{}: axis {} of a {} buffer of shape {} is None; expected a size, or an axis of the input, {}. Write "
          "input.shape[1] for one as long as axis 1 of the input.",
          who(), axis, buffer.saved ? "saved" : "scratch", buffer.shape.to_string(), node_.input.shape.to_string()));
    }
  }
}

// Throws ShapeError unless output_extents sets the sizes that the Spec of build leaves open. An Error of
// output_extents, for a trial batch that is too short, shows that it is overridden.
void Builder::check_output_sizes() const {
  const Shape& shape = node_.output.shape;
  const Extents input = trial_sizes(node_.input.shape);
  Extents output;
  for (const Dim dim : shape) output.push_back(dim.resolve(input.data(), nullptr));
  if (output == trial_sizes(shape)) return;
  const Extents open = output;
  try {
    layer_.output_extents(input, output);
  } catch (const Error&) {
    return;
  }
  for (std::size_t axis = 0; axis < std::min(shape.rank(), output.rank()); ++axis) {
    if (open[axis] >= 0 || output[axis] != open[axis]) continue;
    throw ShapeError(
        fmt::format("{}: axis {} of the output, {}, is None; expected a size, or an axis of the input, {}. Write "
                    "input.shape[1] for one as long as axis 1 of the input, or override output_extents.",
                    who(), axis, shape.to_string(), node_.input.shape.to_string()));
  }
}

void Builder::check_mask(const Spec& output) const {
  MaskRole& role = node_.mask_role;
  const bool in = node_.input.masked, out = output.masked;
  if (!in || role == MaskRole::made) {
    role = out ? MaskRole::made : MaskRole::none;
    if (out && node_.children.empty()) {
      context_.mask_origin = layer_.who() + (node_.input.dtype == DType::int32 ? " (mask_zero = true)" : "");
    }
    return;
  }
  const bool same_steps = output.shape.rank() >= 2 && output.shape[1] == node_.input.shape[1];
  if (out && same_steps) {
    role = role == MaskRole::used ? MaskRole::used_and_passed : MaskRole::passed;
  } else if (out || role == MaskRole::none) {
    throw MaskError(
        fmt::format("{}: input carries a mask from {}, which {} does not support; expected no mask.\n"
                    "  Use a layer that takes masks (LSTM, GRU, GlobalAveragePooling1D), put StripMask() before it{}.",
                    who(), context_.mask_origin, layer_.class_name(),
                    context_.takes_ids ? ", or set mask_zero = false" : ", or leave the Masking layer out"));
  }
}

}  // namespace xeras
