#pragma once

#include "layers/fusion.hpp"

namespace xeras::layers {

// An Embedding and the GlobalAveragePooling1D after it, a bag of words: adds the rows of the table for each sample, and
// backward adds the gradient of a sample to the rows of its words. Masked steps cost nothing. The array between the two
// has the shape (batch, steps, output_dim).
class EmbeddingMean final : public Fusion {
 public:
  bool fits(const Node& first, const Node& second) const override;
  void forward(const Pair& pair, const Call& first, const Call& second) const override;
  void backward(const Pair& pair, const BackwardCall& first, const BackwardCall& second) const override;
};

}  // namespace xeras::layers
