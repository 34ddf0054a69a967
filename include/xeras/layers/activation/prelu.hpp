#pragma once

#include "xeras/core/axes.hpp"
#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API PReLUOptions {
  InitializerArgument alpha_initializer = "zeros";
  RegularizerArgument alpha_regularizer = {};
  ConstraintArgument alpha_constraint = {};
  Axes shared_axes = None;  ///< axes that share one alpha, counted from 1, the first axis after the batch; as in Keras,
                            ///< -1 is the last but one: the time of (batch, time, features)
  Shape input_shape = {};   ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(PReLUOptions, alpha_initializer, alpha_regularizer, alpha_constraint, shared_axes, input_shape, name,
             trainable)

/// A relu with a learned slope for negative inputs: x, or alpha * x where x < 0, with one alpha per element of a
/// sample.
///
/// Example Sequential model{InputLayer({10, 8}), PReLU({.shared_axes = 1})};  // one alpha per feature of a sequence
///         model.count_params();  // 8
/// Input   (batch, ...)
/// Output  the same
/// Mask    passed on
/// Throws  InvalidArgument if shared_axes contains 0; ShapeError if the input lacks one of them or another axis is None
/// Source  keras.layers.PReLU; the slope at 0 is 0, as in Keras
class XERAS_API PReLU final : public LayerWith<PReLUOptions> {
 public:
  explicit PReLU(PReLUOptions options = {});

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  Weight alpha_{};  // the shape of a sample, 1 along shared axes
  AxisSet shared_;  // includes the batch
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(PReLU)
