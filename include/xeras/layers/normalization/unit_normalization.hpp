#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API UnitNormalizationOptions {
  Axes axis = -1;          ///< or several
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(UnitNormalizationOptions, axis, input_shape, name, trainable)

/// Gives what lies along `axis` length 1.
///
/// output = input / sqrt(sum input^2), the sum over `axis`; what is shorter than 1e-12 is multiplied by 1e12
/// Input   (batch, ...)
/// Output  the same
/// Mask    passed on; not supported where `axis` has axis 1, the time: masked steps would count
/// Throws  InvalidArgument for an axis of None; ShapeError for axis 0, the batch, and for one that the input lacks
/// Source  keras.layers.UnitNormalization. No gradient flows back through what is shorter than 1e-12; for zeros it is
///         NaN in Keras.
class XERAS_API UnitNormalization final : public LayerWith<UnitNormalizationOptions> {
 public:
  explicit UnitNormalization(UnitNormalizationOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  AxisSet axes_;
  Buffer inverse_{};         // one a line: 1 / length
  Buffer x_{}, y_{}, dy_{};  // room for one line
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(UnitNormalization)
