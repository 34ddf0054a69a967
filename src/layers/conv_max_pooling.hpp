#pragma once

#include "layers/fusion.hpp"

namespace xeras::layers {

// A Conv1D and the GlobalMaxPooling1D after it: takes the maxima of blocks of steps as they are computed, and backward
// processes only the winners. The array between the two has the shape (batch, steps, filters).
class ConvMaxPooling final : public Fusion {
 public:
  bool fits(const Node& first, const Node& second) const override;
  void forward(const Pair& pair, const Call& first, const Call& second) const override;
  void backward(const Pair& pair, const BackwardCall& first, const BackwardCall& second) const override;
};

}  // namespace xeras::layers
