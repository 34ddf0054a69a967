#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct PermuteOptions {
  Shape input_shape = {};  ///< the shape of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(PermuteOptions, input_shape, name, trainable)

struct XERAS_API PermuteConfig {
  std::vector<std::int64_t> dims = {};
  PermuteOptions options = {};
};
XERAS_FIELDS(PermuteConfig, dims, options)

/// Reorders the axes of each sample: axis i of the output is axis dims[i - 1] of the input, counted from 1 without the
/// batch.
///
/// Example Sequential model{InputLayer({10, 8}), Permute({2, 1})};
///         model.output_shape();  // (None, 8, 10)
/// Input   (batch, ...)
/// Output  (batch, the same axes in the order of dims)
/// Mask    not supported
/// Throws  InvalidArgument unless dims has each of 1, 2, ... once; ShapeError if the input has another number of axes
/// Source  keras.layers.Permute
class XERAS_API Permute final : public LayerWith<PermuteConfig> {
 public:
  Permute(std::vector<std::int64_t> dims, PermuteOptions options = {})
      : Permute(PermuteConfig{std::move(dims), std::move(options)}) {}
  explicit Permute(PermuteConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool passes_input(bool training) const override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Permute)
