#include "xeras/layers/layer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/checked.hpp"
#include "core/memory.hpp"
#include "core/shown.hpp"
#include "layers/node.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras {
namespace {

bool are_as_built(const Shape& built, const Extents& input, const Extents& output) {
  if (output.rank() != built.rank()) return false;
  if (output.rank() > 0 && input.rank() > 0 && output[0] != input[0]) return false;
  for (std::size_t axis = 1; axis < output.rank(); ++axis) {
    if (built[axis].known() ? output[axis] != built[axis].size() : output[axis] < 0) return false;
  }
  return true;
}

[[noreturn]] void throw_not_built(const std::string& who, const char* what) {
  throw ShapeError(fmt::format(
      "{}: the {} is not known yet; expected a built layer. Give the first layer an input_shape, or call build.", who,
      what));
}

}  // namespace

Layer::Layer(std::string name, bool trainable) : name_(std::move(name)), trainable_(trainable) {}
Layer::~Layer() = default;
Layer::Layer(const Layer& other)
    : name_(other.name_),
      trainable_(other.trainable_),
      variables_(other.variables_),
      states_(other.states_),
      input_(other.input_),
      output_(other.output_) {}

Layer::Layer(Layer&& other) noexcept { other.in_plan() ? void(other.plan_->refused_move = true) : take(other); }

Layer& Layer::operator=(const Layer& other) {
  if (this == &other) return *this;
  check_can_assign();
  name_ = other.name_;
  trainable_ = other.trainable_;
  variables_ = other.variables_;
  states_ = other.states_;
  input_ = other.input_;
  output_ = other.output_;
  return *this;
}

Layer& Layer::operator=(Layer&& other) {
  if (this == &other) return *this;
  check_can_assign();
  if (!other.in_plan()) take(other);
  return *this;
}

void Layer::check_can_assign() const {
  if (!in_plan()) return;
  throw Error(
      fmt::format("{}: assignment to a layer of a built model; expected a layer outside of a model. Call set_weights "
                  "to change its weights, or make a new model with the other layer.",
                  who()));
}

// Leaves `other` without a name and not built.
void Layer::take(Layer& other) noexcept {
  name_ = std::exchange(other.name_, {});
  trainable_ = other.trainable_;
  variables_ = std::exchange(other.variables_, {});
  states_ = std::exchange(other.states_, {});
  input_ = std::exchange(other.input_, {});
  output_ = std::exchange(other.output_, {});
}

void Layer::forget_build() {
  variables_.clear();
  states_.clear();
  input_.reset();
  output_.reset();
  plan_ = nullptr;
}

bool Layer::in_training() {
  if (plan_ != nullptr && plan_->in_training) return true;
  const std::span<AnyLayer> within = children();
  return std::any_of(within.begin(), within.end(), [](AnyLayer& child) { return child && child->in_training(); });
}

void Layer::set_trainable(bool trainable) {
  if (in_training()) {
    throw Error(
        fmt::format("{}: set_trainable while fit trains the layer; expected a model that is not in training. Call it "
                    "after fit, and compile again.",
                    who()));
  }
  trainable_ = trainable;
  for (AnyLayer& child : children()) {
    if (child) child->set_trainable(trainable);
  }
}

const Shape& Layer::input_shape() const {
  if (!input_) throw_not_built(who(), "input shape");
  return input_->shape;
}

const Shape& Layer::output_shape() const {
  if (!output_) throw_not_built(who(), "output shape");
  return output_->shape;
}

std::int64_t Layer::count_params() const {
  if (!output_) throw_not_built(who(), "number of weights");
  std::int64_t count = 0;
  for (const Variable* variable : variables()) count += static_cast<std::int64_t>(variable->size());
  return count;
}

std::vector<Tensor> Layer::get_weights() const try {
  std::vector<Tensor> weights;
  for (const Variable* variable : variables()) weights.push_back(variable->value());
  return weights;
} catch (...) {
  rethrow_as("get_weights");
}

void Layer::set_weights(const std::vector<Tensor>& weights) try {
  const std::vector<Variable*> own = variables();
  if (weights.size() != own.size()) {
    throw InvalidArgument(fmt::format("{}: set_weights got {} arrays; expected {}{}.", who(), weights.size(),
                                      own.size(), built() ? "" : ", since the layer is not built yet"));
  }
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (weights[i].shape() != own[i]->value().shape()) {
      throw InvalidArgument(fmt::format("{}: set_weights got an array of shape {} for \"{}\"; expected {}.", who(),
                                        shape_of(weights[i]).to_string(), own[i]->name,
                                        shape_of(own[i]->value()).to_string()));
    }
  }
  // Assigning to existing memory cannot throw, so no mixture of weights remains.
  for (std::size_t i = 0; i < own.size(); ++i) own[i]->assign(weights[i].data());
} catch (...) {
  rethrow_as("set_weights");
}

void Layer::reset_states() {
  if (!zero_states()) {
    throw InvalidArgument(
        fmt::format("{}: reset_states without states; expected a built model with a stateful layer. Set stateful = "
                    "true and build with a fixed batch.",
                    who()));
  }
}

bool Layer::zero_states() {
  for (Tensor& state : states_) std::fill(state.begin(), state.end(), 0.0f);
  bool any = !states_.empty();
  for (AnyLayer& child : children()) any |= child && child->zero_states();
  return any;
}

std::vector<Variable*> Layer::variables() {
  std::vector<Variable*> all;
  for (Variable& variable : variables_) all.push_back(&variable);
  for (AnyLayer& child : children()) {
    if (!child) continue;
    for (Variable* variable : child->variables()) all.push_back(variable);
  }
  return all;
}

std::vector<const Variable*> Layer::variables() const {
  const std::vector<Variable*> all = const_cast<Layer*>(this)->variables();
  return {all.begin(), all.end()};
}

void Layer::backward(const BackwardCall&) const {
  throw Error(
      fmt::format("{}: cannot be trained: {} has no backward; expected one in a model that is fitted. Override "
                  "backward, or predict only.",
                  who(), class_name()));
}

void Layer::output_extents(const Extents&, Extents&) const {}

Extents Layer::extents_after(const Extents& input) const {
  Extents output;
  for (const Dim dim : output_shape()) output.push_back(dim.resolve(input.data(), nullptr));
  if (input.rank() > 0 && output.rank() > 0) output[0] = input[0];
  output_extents(input, output);
  // Memory and views get these sizes, so they must agree with build.
  if (!are_as_built(output_->shape, input, output)) {
    Shape expected = output_->shape;
    if (expected.rank() > 0 && input.rank() > 0) expected[0] = input[0];
    throw ShapeError(fmt::format(
        "{}: output_extents gives {} for a batch of shape {}; expected {}, as build returned. Correct one of them.",
        who(), output.to_string(), input.to_string(), expected.to_string()));
  }
  if (!fits_memory(output)) {
    throw InvalidInput(
        fmt::format("{}: a batch of shape {} gives an output of shape {}; expected fewer than 2^45 numbers, which "
                    "memory can hold. Use smaller batches.",
                    who(), input.to_string(), output.to_string()));
  }
  return output;
}

std::span<AnyLayer> Layer::children() { return {}; }

std::string Layer::who() const {
  return name_.empty() ? class_name() : fmt::format("{} \"{}\"", class_name(), shown(name_));
}

}  // namespace xeras
