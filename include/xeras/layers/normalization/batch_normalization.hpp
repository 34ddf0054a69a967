#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API BatchNormalizationOptions {
  std::int64_t axis = -1;
  double momentum = 0.99;
  double epsilon = 1e-3;
  bool center = true;
  bool scale = true;
  InitializerArgument beta_initializer = "zeros";
  InitializerArgument gamma_initializer = "ones";
  InitializerArgument moving_mean_initializer = "zeros";
  InitializerArgument moving_variance_initializer = "ones";
  RegularizerArgument beta_regularizer = {};
  RegularizerArgument gamma_regularizer = {};
  ConstraintArgument beta_constraint = {};
  ConstraintArgument gamma_constraint = {};
  bool renorm = false;        ///< not supported
  bool synchronized = false;  ///< not supported
  Shape input_shape = {};     ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(BatchNormalizationOptions, axis, momentum, epsilon, center, scale, beta_initializer, gamma_initializer,
             moving_mean_initializer, moving_variance_initializer, beta_regularizer, gamma_regularizer, beta_constraint,
             gamma_constraint, renorm, synchronized, input_shape, name, trainable)

/// Normalizes each feature (each index along `axis`) to mean 0 and variance 1, then applies a learned scale and offset.
///
/// output = gamma * (input - mean) / sqrt(variance + epsilon) + beta
/// In training, mean and variance are those of the batch (the variance with 1 / n), and after each step
///   moving_mean     = momentum * moving_mean     + (1 - momentum) * mean
///   moving_variance = momentum * moving_variance + (1 - momentum) * variance
/// In inference, and if trainable is false, they are the moving ones.
/// Example Sequential model{InputLayer({8}), Dense(16), BatchNormalization()};
///         model.output_shape();  // (None, 16)
/// Input   (batch, ...)
/// Output  the same
/// Weights gamma, beta, moving_mean, moving_variance, each with the size of the axis; the last two are not trained
/// Mask    used and passed on: masked steps do not count in mean and variance, and are normalized like the others
/// Throws  InvalidArgument unless 0 <= momentum <= 1 and epsilon >= 0, and for renorm and synchronized; ShapeError for
///         axis 0, the batch, for an axis that the input lacks, and for an axis of size None
/// Source  keras.layers.BatchNormalization; Ioffe and Szegedy, Batch Normalization (arXiv 1502.03167)
class XERAS_API BatchNormalization final : public LayerWith<BatchNormalizationOptions> {
 public:
  explicit BatchNormalization(BatchNormalizationOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  std::size_t axis_ = 1;
  Weight gamma_{}, beta_{}, moving_mean_{}, moving_variance_{};
  // (features): the mean; 1 / sqrt(variance + epsilon); the weight of an element in them, 1 / n, or 0 in inference
  Buffer mean_{}, inverse_{}, share_{};
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(BatchNormalization)
