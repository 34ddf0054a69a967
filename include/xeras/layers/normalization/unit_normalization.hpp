#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API UnitNormalizationOptions {
  Axes axis = -1;          ///< one or several
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(UnitNormalizationOptions, axis, input_shape, name, trainable)

/// Scales each line along `axis` to length 1.
///
/// output = input / sqrt(sum input^2), the sum over `axis`; lines shorter than 1e-12 are multiplied by 1e12
/// Example Sequential model{InputLayer({8}), Dense(16), UnitNormalization()};
///         model.output_shape();  // (None, 16)
/// Input   (batch, ...)
/// Output  the same
/// Mask    passed on; not supported if `axis` includes 1, the time, since masked steps would count
/// Throws  InvalidArgument if axis is None; ShapeError for axis 0, the batch, and for axes that the input lacks
/// Source  keras.layers.UnitNormalization. The gradient of lines shorter than 1e-12 is 0; in Keras that of zeros is
/// NaN.
class XERAS_API UnitNormalization final : public LayerWith<UnitNormalizationOptions> {
 public:
  explicit UnitNormalization(UnitNormalizationOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  AxisSet axes_;
  Buffer inverse_{};         // one per line: 1 / length
  Buffer x_{}, y_{}, dy_{};  // one line
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(UnitNormalization)
