#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API SoftmaxOptions {
  Axes axis = -1;          ///< or several: the sum over all of them is 1
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SoftmaxOptions, axis, input_shape, name, trainable)

/// Makes probabilities of scores: exp(x) / sum exp(x), the sum over `axis`.
///
/// Input   (batch, ...)
/// Output  the same
/// Mask    used and passed on: masked steps are left out of the sum and come out as exactly 0, whatever the axis. Over
///         axis 1 the unmasked steps of a row share 1; over the last of three axes a masked step is a row of zeros.
///         Where all is masked, all is 0. (Keras does the same with a mask of the input's rank, and raises for the
///         (batch, time) mask of an Embedding unless the input has two axes.)
/// Throws  InvalidArgument for an axis of None; ShapeError for axis 0, the batch, and for one that the input lacks
/// Source  keras.layers.Softmax
class XERAS_API Softmax final : public LayerWith<SoftmaxOptions> {
 public:
  explicit Softmax(SoftmaxOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  AxisSet axes_;
  Buffer y_{}, dy_{};  // room for one line
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Softmax)
