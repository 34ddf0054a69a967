#pragma once

#include <functional>
#include <variant>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// Returns y for x, both with the batch.
using LambdaFunction = std::function<Tensor(const Tensor& x)>;
/// Returns dx, the gradient of the input, for x, y and dy.
using LambdaGradient = std::function<Tensor(const Tensor& x, const Tensor& y, const Tensor& dy)>;
/// The shape of one sample, or a function from the input shape to the output shape, both with the batch.
using LambdaShape = std::variant<std::monostate, Shape, std::function<Shape(const Shape& input)>>;
/// Returns the output's mask (batch, time), 0 where masked, for the input and its mask (all ones if there is none).
using LambdaMask = std::function<Tensor(const Tensor& x, const Tensor& mask)>;

struct LambdaOptions {
  LambdaGradient gradient = {};   ///< without it, only layers after this one can be trained
  LambdaShape output_shape = {};  ///< the input's shape by default
  LambdaMask mask = {};           ///< without it, a mask is not supported; `return mask;` passes it on
  Shape input_shape = {};         ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};

/// A function as a layer. It may use all of xtensor, and may allocate. It must be pure, since several threads may call
/// it at once.
///
/// Example Sequential model{InputLayer({4}), Lambda([](const Tensor& x) { return Tensor(x * 2.f); })};
///         model.output_shape();  // (None, 4)
/// Input   (batch, ...)
/// Output  the result of the function, whose shape must be output_shape
/// Mask    made by `mask`; not supported without it
/// Throws  InvalidArgument for an empty function; ShapeError if a result has another shape than declared; Error if
///         layers before it are trained and it has no gradient. get_config throws Error, since a function cannot be
///         saved: derive a layer from LayerWith instead.
/// Source  keras.layers.Lambda; captures replace `arguments`
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
