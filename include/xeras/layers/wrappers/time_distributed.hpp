#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct TimeDistributedOptions {
  RegularizerArgument activity_regularizer = {};  ///< applies to the output
  Shape input_shape = {};                         ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(TimeDistributedOptions, activity_regularizer, input_shape, name, trainable)

struct XERAS_API TimeDistributedConfig {
  AnyLayer layer = {};
  TimeDistributedOptions options = {};
};
XERAS_FIELDS(TimeDistributedConfig, layer, options)

/// Applies a layer, or a whole Sequential, to each time step with the same weights.
///
/// output(:, t) = layer(input(:, t)); computed at once, as a batch of batch * time samples
/// Example Sequential model{InputLayer({10, 8}), TimeDistributed(Dense(4))};
///         model.output_shape();  // (None, 10, 4)
/// Input   (batch, time, ...) for an inner layer that takes (batch, ...)
/// Output  (batch, time, ...) for an inner layer that returns (batch, ...)
/// Mask    passed on; the inner layer gets no mask and computes masked steps like the others
/// Throws  InvalidArgument if there is no layer; ShapeError for an input without a time axis; MaskError if the inner
///         layer makes a mask
/// Source  keras.layers.TimeDistributed
class XERAS_API TimeDistributed final : public LayerWith<TimeDistributedConfig> {
 public:
  template <std::derived_from<Layer> L>
  requires(!std::same_as<L, TimeDistributed>) explicit TimeDistributed(L layer, TimeDistributedOptions options = {})
      : TimeDistributed(TimeDistributedConfig{AnyLayer(std::move(layer)), std::move(options)}) {}
  /// Allows a TimeDistributed within another: TimeDistributed(AnyLayer(TimeDistributed(Dense(4)))).
  explicit TimeDistributed(AnyLayer layer, TimeDistributedOptions options = {})
      : TimeDistributed(TimeDistributedConfig{std::move(layer), std::move(options)}) {}
  explicit TimeDistributed(TimeDistributedConfig config);

  /// Returns the inner layer.
  Layer& layer() const { return *config().layer; }

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
  void output_extents(const Extents& input, Extents& output) const override;
  std::span<AnyLayer> children() override { return {&config_.layer, 1}; }
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(TimeDistributed)
