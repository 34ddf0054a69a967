#pragma once

#include "layers/node.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

class Conv1D;
class GlobalMaxPooling1D;

// A Conv1D and the GlobalMaxPooling1D behind it as one: the maxima are taken of blocks of steps as they come, and
// backward follows the winners alone. What lies between the two, (batch, steps, filters), is never in memory.
class ConvMaxPooling {
 public:
  // Whether two layers in a row are such a pair.
  static bool joins(const Node& first, const Node& second);
  ConvMaxPooling(const Node& first, const Node& second);

  void forward(const Call& first, const Call& second) const;
  void backward(const BackwardCall& first, const BackwardCall& second) const;

 private:
  const Conv1D& conv_;
  const GlobalMaxPooling1D& pool_;
};

}  // namespace xeras::layers
