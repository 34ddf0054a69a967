#include "xeras/layers/core/lambda.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

template <class T>
Tensor tensor_of(const BasicView<T>& view) {
  Tensor::shape_type shape(view.extents.rank());
  for (std::size_t axis = 0; axis < shape.size(); ++axis) shape[axis] = static_cast<std::size_t>(view.extents[axis]);
  Tensor tensor(shape);
  std::copy_n(view.data, view.size(), tensor.data());
  return tensor;
}

Shape shape_of(const Extents& extents) {
  std::vector<Dim> dims;
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) dims.push_back(extents[axis]);
  return Shape(std::move(dims));
}

// Throws ShapeError unless a result has the expected shape.
void check(const std::string& who, const char* what, const Tensor& result, const Extents& expected,
           const char* advice) {
  const Shape shape = xeras::shape_of(result);
  if (shape == shape_of(expected)) return;
  throw ShapeError(
      fmt::format("{}: {} has shape {}; expected {}. {}", who, what, shape.to_string(), expected.to_string(), advice));
}

}  // namespace

Lambda::Lambda(LambdaFunction function, LambdaOptions options)
    : Layer(options.name, options.trainable), function_(std::move(function)), options_(std::move(options)) {
  if (!function_) {
    throw InvalidArgument(
        fmt::format("{}: the function is empty; expected a function. Write Lambda([](const Tensor& x) {{ return "
                    "Tensor(x * 2.f); }}).",
                    who()));
  }
}

Value Lambda::get_config() const {
  throw Error(
      fmt::format("{}: a function has no configuration; expected a layer that can be saved. Derive a layer from "
                  "LayerWith<Config> that does the same, or remove the Lambda.",
                  who()));
}

std::optional<Spec> Lambda::first_input() const {
  if (options_.input_shape.rank() == 0) return std::nullopt;
  return Spec{options_.input_shape.with_batch()};
}

Spec Lambda::build(const Spec& input, Builder& builder) {
  if (!function_) {
    throw InvalidArgument(
        fmt::format("{}: the layer was moved from; expected one with a function. Create a new layer.", builder.who()));
  }
  builder.expect(input, {.min_rank = 1});
  Spec output = input;
  if (const Shape* sample = std::get_if<Shape>(&options_.output_shape)) {
    output.shape = sample->with_batch(input.shape[0]);
    for (std::size_t axis = 1; axis < std::min(output.shape.rank(), input.shape.rank()); ++axis) {
      if (!output.shape[axis].known()) output.shape[axis] = input.shape[axis];
    }
  } else if (const auto* shape = std::get_if<2>(&options_.output_shape)) {
    output.shape = (*shape)(input.shape);
    if (output.shape.rank() == 0 || output.shape[0] != input.shape[0]) {
      throw ShapeError(
          fmt::format("{}: output_shape returns {} for input {}; expected the same batch axis. Start the shape with "
                      "the batch of the input.",
                      builder.who(), output.shape.to_string(), input.shape.to_string()));
    }
  }
  output.masked = false;
  if (options_.mask) {
    if (output.shape.rank() < 2) {
      throw ShapeError(
          fmt::format("{}: mask is given and the output is {}; expected (batch, time) or more. Leave mask out.",
                      builder.who(), output.shape.to_string()));
    }
    builder.makes_mask();
    output.masked = true;
  }
  return output;
}

void Lambda::output_extents(const Extents& input, Extents& output) const {
  const auto* shape = std::get_if<2>(&options_.output_shape);
  if (shape == nullptr || output_shape().without_batch().known()) return;
  const Shape now = (*shape)(shape_of(input));
  for (std::size_t axis = 1; axis < std::min(now.rank(), output.rank()); ++axis) {
    if (now[axis].known()) output[axis] = now[axis].size();
  }
}

void Lambda::forward(const Call& call) const {
  const Tensor x = tensor_of(call.input());
  const Tensor y = function_(x);
  check(who(), "the function's result", y, call.output().extents, "Set output_shape to the shape of the result.");
  std::copy_n(y.data(), y.size(), call.output().data);
  if (!options_.mask) return;
  const std::span<std::uint8_t> to = call.make_mask();
  const Extents& in = call.input().extents;
  const Tensor mask = options_.mask(
      x, call.mask().data != nullptr ? tensor_of(call.mask())
                                     : Tensor(Tensor::shape_type{static_cast<std::size_t>(in[0]),
                                                                 static_cast<std::size_t>(in.rank() > 1 ? in[1] : 1)},
                                              1.0f));
  const Extents& out = call.output().extents;
  check(who(), "the mask", mask, {out[0], out[1]}, "A mask has a number for each step of the output.");
  std::transform(mask.begin(), mask.end(), to.begin(), [](float step) { return step != 0.0f; });
}

void Lambda::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  if (!options_.gradient) {
    throw Error(
        fmt::format("{}: has no gradient; expected one, since layers before it are trained. Set .gradient = [](const "
                    "Tensor& x, const Tensor& y, const Tensor& dy) {{ ... }}, or freeze those layers.",
                    who()));
  }
  const Tensor dx = options_.gradient(tensor_of(call.input()), tensor_of(call.output()), tensor_of(call.output_grad()));
  check(who(), "the gradient", dx, call.input().extents, "The gradient of the input is as large as the input.");
  std::copy_n(dx.data(), dx.size(), call.input_grad().data);
}

}  // namespace xeras::layers
