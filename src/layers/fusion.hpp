#pragma once

#include "layers/node.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

class Conv1D;
class GlobalMaxPooling1D;

// A Conv1D fused with the GlobalMaxPooling1D after it: takes the maxima of blocks of steps as they are computed, and
// backward processes only the winners. The array between the two, (batch, steps, filters), is never in memory.
class ConvMaxPooling {
 public:
  // Marks the last two layers of a sequence if they are such a pair.
  static void mark(std::span<Node> nodes);
  ConvMaxPooling(const Node& first, const Node& second);

  void forward(const Call& first, const Call& second) const;
  void backward(const BackwardCall& first, const BackwardCall& second) const;

 private:
  const Conv1D& conv_;
  const GlobalMaxPooling1D& pool_;
};

}  // namespace xeras::layers
