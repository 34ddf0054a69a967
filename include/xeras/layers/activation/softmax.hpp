#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API SoftmaxOptions {
  Axes axis = -1;          ///< one or several; the sum over all of them is 1
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SoftmaxOptions, axis, input_shape, name, trainable)

/// Converts scores to probabilities: exp(x) / sum exp(x), the sum over `axis`.
///
/// Example Sequential model{InputLayer({8}), Dense(3), Softmax()};
///         model.output_shape();  // (None, 3)
/// Input   (batch, ...)
/// Output  the same
/// Mask    used and passed on: for any axis, masked steps are excluded from the sum, and their output is exactly 0. If
///         all steps are masked, all outputs are 0. (Keras does the same with a mask of the input's rank, and raises
///         for the (batch, time) mask of an Embedding unless the input has two axes.)
/// Throws  InvalidArgument if axis is None; ShapeError for axis 0, the batch, and for axes that the input lacks
/// Source  keras.layers.Softmax
class XERAS_API Softmax final : public LayerWith<SoftmaxOptions> {
 public:
  explicit Softmax(SoftmaxOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  AxisSet axes_;
  Buffer y_{}, dy_{};  // one line
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Softmax)
