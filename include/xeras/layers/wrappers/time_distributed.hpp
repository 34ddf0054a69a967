#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct TimeDistributedOptions {
  RegularizerArgument activity_regularizer = {};  ///< of the output
  Shape input_shape = {};                         ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(TimeDistributedOptions, activity_regularizer, input_shape, name, trainable)

struct XERAS_API TimeDistributedConfig {
  AnyLayer layer = {};
  TimeDistributedOptions options = {};
};
XERAS_FIELDS(TimeDistributedConfig, layer, options)

/// Runs a layer, or a whole Sequential, on every time step by itself, always with the same weights.
///
/// output(:, t) = layer(input(:, t)); computed at once, as a batch of batch * time samples
/// Input   (batch, time, ...), where the layer takes (batch, ...)
/// Output  (batch, time, ...) with what the layer gives behind the time axis
/// Mask    passed on; the layer within computes masked steps like any other and sees no mask
/// Throws  InvalidArgument when there is no layer; ShapeError for an input without a time axis; MaskError when the
///         layer within makes a mask of its own, which could not go on
/// Source  keras.layers.TimeDistributed
class XERAS_API TimeDistributed final : public LayerWith<TimeDistributedConfig> {
 public:
  template <std::derived_from<Layer> L>
  requires(!std::same_as<L, TimeDistributed>) explicit TimeDistributed(L layer, TimeDistributedOptions options = {})
      : TimeDistributed(TimeDistributedConfig{AnyLayer(std::move(layer)), std::move(options)}) {}
  /// Also for a TimeDistributed within another: TimeDistributed(AnyLayer(TimeDistributed(Dense(4)))).
  explicit TimeDistributed(AnyLayer layer, TimeDistributedOptions options = {})
      : TimeDistributed(TimeDistributedConfig{std::move(layer), std::move(options)}) {}
  explicit TimeDistributed(TimeDistributedConfig config);

  /// The layer within.
  Layer& layer() const { return *config().layer; }

  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
  void output_extents(const Extents& input, Extents& output) const override;
  std::span<AnyLayer> children() override { return {&config_.layer, 1}; }
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(TimeDistributed)
