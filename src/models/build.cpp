#include <fmt/format.h>

#include <utility>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "core/shown.hpp"
#include "layers/build_attempt.hpp"
#include "layers/fusion.hpp"
#include "layers/snake_case.hpp"
#include "models/dataset_batches.hpp"
#include "models/padding.hpp"
#include "models/sequential_state.hpp"
#include "xeras/layers/core/input_layer.hpp"

// Members of Sequential that change its layers and shapes: add, build, pop.

namespace xeras {
namespace {

// True when an array may have both shapes: their known axes are equal.
bool fit_together(const Shape& one, const Shape& other) {
  if (one.rank() != other.rank()) return false;
  for (std::size_t axis = 0; axis < one.rank(); ++axis) {
    if (one[axis].known() && other[axis].known() && one[axis] != other[axis]) return false;
  }
  return true;
}

// True when `asked` differs from `built` only in sizes for axes that were None.
bool narrows(const Shape& built, const Shape& asked) {
  if (asked == built || asked.rank() != built.rank()) return false;
  for (std::size_t axis = 0; axis < built.rank(); ++axis) {
    if (built[axis].known() && asked[axis] != built[axis]) return false;
  }
  return true;
}

}  // namespace

void Sequential::append(AnyLayer layer) {
  if (!layer) {
    throw InvalidArgument(
        fmt::format("{}: add got no layer: it is null, or was moved from; expected one. Write add(Dense(8)).", who()));
  }
  check_parts(*layer);
  name_layer(*layer);
  state().names.add(layer->name());
  layers_.push_back(std::move(layer));
}

void Sequential::check_parts(Layer& layer) const {
  if (&layer == this) {
    throw InvalidArgument(
        fmt::format("{}: add got a model that contains this one; expected another layer. Add a clone of it.", who()));
  }
  for (AnyLayer& part : layer.children()) {
    if (!part) {
      throw InvalidArgument(
          fmt::format("{}: add got a {} that was moved from; expected one that holds a layer. Create a new one.", who(),
                      layer.class_name()));
    }
    check_parts(*part);
  }
}

Layer& Sequential::add(AnyLayer layer) try {
  check_can_change("add");
  if (dynamic_cast<const layers::InputLayer*>(layer.get()) != nullptr) return take_input_layer(std::move(layer));
  append(std::move(layer));
  Layer& added = *layers_.back();
  try {
    const std::size_t index = layers_.size() - 1;
    if (index > 0 && built()) {
      build_layer(index, *output_);
    } else if (index == 0) {
      if (const std::optional<Spec> input = input_for(added)) build_layer(0, *input);
    }
  } catch (...) {
    if (state().nodes.size() == layers_.size()) state().nodes.pop_back();
    state().names.remove(added.name());
    layers_.pop_back();
    throw;
  }
  forget_training();
  return added;
} catch (...) {
  rethrow_as("add");
}

Layer& Sequential::take_input_layer(AnyLayer layer) {
  if (!layers_.empty()) {
    throw InvalidArgument(
        fmt::format("{}: add got an InputLayer behind layer {} \"{}\" ({}); expected it as the first element. Put it "
                    "before the layers.",
                    who(), layers_.size() - 1, shown(layers_.back()->name()), layers_.back()->class_name()));
  }
  if (state().input_layer) {
    throw InvalidArgument(fmt::format("{}: add got a second InputLayer; expected one. Leave one of them out.", who()));
  }
  name_layer(*layer);
  state().input_layer = std::move(layer);
  return *state().input_layer;
}

// Returns the input that the InputLayer and the first layer specify; none if neither does.
std::optional<Spec> Sequential::input_for(const Layer& first) const {
  const std::optional<Spec> own = first.first_input();
  if (!state().input_layer) return own;
  const auto& input_layer = static_cast<const layers::InputLayer&>(*state().input_layer);
  const Shape& given = input_layer.batch_shape();
  const std::string& dtype = input_layer.dtype();
  if (!own) return Spec{given, first.input_dtype(dtype == "string" ? DType::string : DType::float32)};
  Spec input = *own;
  if (!fit_together(given, own->shape)) {
    throw ShapeError(fmt::format(
        "layer 0 \"{}\" ({}): input is {} by {}; expected {}, the layer's own input shape. Correct one of them.",
        shown(first.name()), first.class_name(), given.to_string(), input_layer.who(), own->shape.to_string()));
  }
  for (std::size_t axis = 0; axis < given.rank(); ++axis) {
    if (given[axis].known()) input.shape[axis] = given[axis];
  }
  return input;
}

// Discards an optimizer with state, which is stored by the positions of weights: they have changed.
void Sequential::forget_training() {
  if (state().compiled && !state().compiled->variables.empty()) state().compiled.reset();
  state().trained = {};  // a new weight may lie where one was that is gone
}

void Sequential::forget_plan() {
  state().nodes.clear();
  state().sizes = {};
  input_.reset();
  output_.reset();
}

void Sequential::name_layer(Layer& layer) {
  LayerNames& names = state().names;
  const AnyLayer& input_layer = state().input_layer;
  if (names.size() != layers_.size() + (input_layer ? 1 : 0)) {  // a copy has no names yet
    names = {};
    if (input_layer) names.add(input_layer->name());
    for (const AnyLayer& other : layers_) names.add(other->name());
  }
  if (layer.name_.empty()) {
    layer.name_ = names.free_name(snake_case(layer.class_name()));
  } else if (names.contains(layer.name_)) {
    throw InvalidArgument(fmt::format(
        "{}: add got a second layer named \"{}\"; expected unique names. Give the layer another name, or none.", who(),
        shown(layer.name_)));
  }
}

void Sequential::build_layer(std::size_t index, const Spec& input) {
  const MaskedTraps masked;
  Layer& layer = *layers_[index];
  State& state = this->state();
  BuildContext context = state.sizes;
  context.use = &state.use;
  context.takes_ids = (index == 0 ? input : *input_).dtype != DType::float32;
  context.who = fmt::format("layer {} \"{}\" ({})", index, shown(layer.name()), layer.class_name());
  if (const std::optional<Spec> given = layer.first_input();
      given && index > 0 && given->dtype == DType::float32 && !fit_together(given->shape, input.shape)) {
    throw ShapeError(fmt::format(
        "{}: input_shape is {}; expected {}, the output of the layer before it. Only a first layer needs input_shape.",
        context.who, given->shape.to_string(), input.shape.to_string()));
  }
  BuildAttempt attempt({&layers_[index], 1});
  Node node = Builder::build_node(layer, input, context);
  Spec first = input, last = node.output;
  const bool ignored = (index == 0 || state.masked_steps_ignored) && ignores_masked_steps(node);
  state.nodes.push_back(std::move(node));
  layers::Fusion::mark(state.nodes);
  // Nothing throws from here on.
  attempt.succeed();
  state.sizes = std::move(context);
  state.masked_steps_ignored = ignored;
  state.ignores_padding = ignored && may_leave_padding_out(state.nodes);
  state.workspaces.clear();
  if (index == 0) input_ = std::move(first);
  output_ = std::move(last);
}

void Sequential::build_all(const Spec& input) { build_all(input, {}); }

void Sequential::build_all(const Spec& input, const BuildLimits& limits) {
  state().nodes.clear();
  state().sizes = {.limits = limits};
  Spec now = input;
  BuildAttempt attempt(layers_);
  try {
    for (std::size_t index = 0; index < layers_.size(); ++index) {
      build_layer(index, now);
      now = *output_;
    }
    attempt.succeed();
    state().sizes.limits = {};
  } catch (...) {
    forget_plan();
    throw;
  }
}

void Sequential::build(const Shape& input_shape) try {
  if (built() && narrows(input_->shape, input_shape)) return narrow(input_shape);
  if (!built()) check_at_rest("build");
  build_for(input_shape);
} catch (...) {
  rethrow_as("build");
}

void Sequential::narrow(const Shape& input_shape) {
  check_own_plan("build");
  check_can_change("build");
  const Spec before = *input_;
  Spec narrowed = before;
  narrowed.shape = input_shape;
  try {
    build_all(narrowed);
  } catch (...) {
    build_all(before);
    throw;
  }
  Value& in_file = state().input_in_file;
  if (auto* arguments = in_file.get_if<Value::Dict>()) {
    for (auto& [key, value] : *arguments) {
      if (key == "batch_shape") value = to_value(input_shape);
    }
  }
}

void Sequential::build_for(const Shape& input_shape, DType given) {
  if (layers_.empty()) {
    throw ShapeError(fmt::format("{}: build of an empty model; expected at least one layer. Call add first.", who()));
  }
  const std::optional<Spec> first = layers_.front()->first_input();
  const Spec input{input_shape, first ? first->dtype : layers_.front()->input_dtype(given)};
  if (built()) {
    if (input_->shape == input_shape) return;
    throw ShapeError(fmt::format(
        "{}: build got {}; expected {}, which the model was built with. Use clone, or a new model, for another shape.",
        who(), input_shape.to_string(), input_->shape.to_string()));
  }
  build_all(input);
}

// Builds the model for the sizes of x, with an open batch axis.
void Sequential::build_from_data(const char* member, const Input& x) {
  if (!x) {
    throw InvalidInput(fmt::format("{}: x is missing; expected an array. Pass the samples, one per row.", member));
  }
  Shape shape;
  if (x.extents().rank() > 0) {
    std::vector<Dim> dims{None};
    for (std::size_t axis = 1; axis < x.extents().rank(); ++axis) dims.push_back(x.extents()[axis]);
    shape = Shape(std::move(dims));
  }
  build_for(shape, x.is_text() ? DType::string : x.is_floating() ? DType::float32 : DType::int32);
}

void Sequential::build_if_new(const char* member, const Input& x) try {
  if (built()) return;
  const MaskedTraps masked;
  check_at_rest(member);
  build_from_data(member, x);
} catch (...) {
  rethrow_as(member);
}

void Sequential::build_if_new(const char* member, const DatasetArgument& dataset) try {
  if (!built()) build_if_new(member, first_batch(member, dataset.get(member)).x);
} catch (...) {
  rethrow_as(member);
}

void Sequential::pop() try {
  check_can_change("pop");
  if (layers_.empty()) {
    throw InvalidArgument(
        fmt::format("{}: pop of an empty model; expected at least one layer. Call add first.", who()));
  }
  const std::optional<Spec> input = input_;
  state().names.remove(layers_.back()->name());
  layers_.pop_back();
  forget_training();
  if (!input) return;
  state().workspaces.clear();
  forget_plan();
  if (!layers_.empty()) build_all(*input);
} catch (...) {
  rethrow_as("pop");
}

}  // namespace xeras
