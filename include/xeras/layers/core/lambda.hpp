#pragma once

#include <functional>
#include <variant>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// y of x, both with the batch.
using LambdaFunction = std::function<Tensor(const Tensor& x)>;
/// dx of x, y and dy: the gradient of the input from that of the output.
using LambdaGradient = std::function<Tensor(const Tensor& x, const Tensor& y, const Tensor& dy)>;
/// The shape of one sample, or a function of the input's shape; both shapes of the function have the batch in front.
using LambdaShape = std::variant<std::monostate, Shape, std::function<Shape(const Shape& input)>>;
/// The output's mask (batch, time), 0 is masked, of the input and its mask: all ones where none came in.
using LambdaMask = std::function<Tensor(const Tensor& x, const Tensor& mask)>;

struct LambdaOptions {
  LambdaGradient gradient = {};   ///< without it a model can only train what comes after the layer
  LambdaShape output_shape = {};  ///< as the input, unless given
  LambdaMask mask = {};           ///< without it a mask is not supported; `return mask;` hands it on
  Shape input_shape = {};         ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};

/// A function as a layer: Lambda([](const Tensor& x) { return Tensor(x * 2.f); }). It may do anything that xtensor
/// does, and allocates as it likes. It must be pure: threads that predict call it at once.
///
/// Input   (batch, ...)
/// Output  what the function gives, of the shape that output_shape says
/// Mask    made by `mask`; without it not supported
/// Throws  InvalidArgument for an empty function; ShapeError when a result has another shape than was said; Error when
///         a model trains layers before it and there is no gradient. get_config throws Error: a function cannot be
///         saved, derive a layer from LayerWith for that.
/// Source  keras.layers.Lambda; `arguments` are what the function captures
class XERAS_API Lambda final : public Layer {
 public:
  explicit Lambda(LambdaFunction function, LambdaOptions options = {});

  Value get_config() const override;
  std::optional<Spec> first_input() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  LambdaFunction function_;
  LambdaOptions options_;
};

}  // namespace xeras::layers
