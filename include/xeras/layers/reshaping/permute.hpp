#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct PermuteOptions {
  Shape input_shape = {};  ///< of one sample, where this is a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(PermuteOptions, input_shape, name, trainable)

struct XERAS_API PermuteConfig {
  std::vector<std::int64_t> dims = {};
  PermuteOptions options = {};
};
XERAS_FIELDS(PermuteConfig, dims, options)

/// Puts the axes of every sample in another order: axis i of the output is axis dims[i] of the input, counted from 1
/// without the batch. Permute({2, 1}) swaps time and features.
///
/// Input   (batch, ...)
/// Output  (batch, the same axes in the order of dims)
/// Mask    not supported
/// Throws  InvalidArgument unless dims has each of 1, 2, ... once; ShapeError when the input has more or fewer axes
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
