#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API LayerNormalizationOptions {
  Axes axis = -1;  ///< one or several
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  InitializerArgument beta_initializer = "zeros";
  InitializerArgument gamma_initializer = "ones";
  RegularizerArgument beta_regularizer = {};
  RegularizerArgument gamma_regularizer = {};
  ConstraintArgument beta_constraint = {};
  ConstraintArgument gamma_constraint = {};
  bool rms_scaling = false;  ///< keeps the mean and omits beta; deprecated in Keras
  Shape input_shape = {};    ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(LayerNormalizationOptions, axis, epsilon, center, scale, beta_initializer, gamma_initializer,
             beta_regularizer, gamma_regularizer, beta_constraint, gamma_constraint, rms_scaling, input_shape, name,
             trainable)

/// Normalizes each line along `axis` to mean 0 and variance 1, then applies a learned scale and offset.
///
/// output = gamma * (input - mean) / sqrt(variance + epsilon) + beta, mean and variance (with 1 / n) over `axis`
/// With rms_scaling: output = gamma * input / sqrt(variance + epsilon), with gamma even if scale is false.
/// Example Sequential model{InputLayer({10, 8}), LayerNormalization()};
///         model.output_shape();  // (None, 10, 8)
/// Input   (batch, ...)
/// Output  the same
/// Weights gamma, beta, with the sizes of `axis`
/// Mask    passed on; not supported if `axis` includes 1, the time, since masked steps would count
/// Throws  InvalidArgument if axis is None and unless epsilon >= 0; ShapeError for axis 0, the batch, for axes that the
///         input lacks, and for axes of size None
/// Source  keras.layers.LayerNormalization; Ba, Kiros and Hinton, Layer Normalization (arXiv 1607.06450)
class XERAS_API LayerNormalization final : public LayerWith<LayerNormalizationOptions> {
 public:
  explicit LayerNormalization(LayerNormalizationOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  bool has_gamma() const { return config().scale || config().rms_scaling; }
  bool has_beta() const { return config().center && !config().rms_scaling; }

  AxisSet axes_;
  Weight gamma_{}, beta_{};
  Buffer mean_{}, inverse_{};       // one per line: the mean, 1 / sqrt(variance + epsilon)
  Buffer x_{}, dy_{}, dx_{}, h_{};  // one line
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(LayerNormalization)
