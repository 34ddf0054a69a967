#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API PReLUOptions {
  InitializerArgument alpha_initializer = "zeros";
  RegularizerArgument alpha_regularizer = {};
  ConstraintArgument alpha_constraint = {};
  Axes shared_axes = None;  ///< along which one alpha serves all; counted from 1, the first axis after the batch;
                            ///< as in Keras -1 is the last but one, the time of (batch, time, features)
  Shape input_shape = {};   ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(PReLUOptions, alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes, input_shape, name,
             trainable)

/// A relu that learns how much of the negative numbers to let through: x, or alpha * x where x < 0, with an alpha for
/// each position of a sample. For sequences share the time axis: `.shared_axes = 1`.
///
/// Input   (batch, ...)
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument for a shared_axes of 0; ShapeError for one that the input lacks, and when the size of an
///         axis that is not shared is not known
/// Source  keras.layers.PReLU; the slope at 0 is 0, as there
class XERAS_API PReLU final : public LayerWith<PReLUOptions> {
 public:
  explicit PReLU(PReLUOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  Weight alpha_{};  // as a sample, 1 along shared axes
  AxisSet shared_;  // with the batch
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(PReLU)
