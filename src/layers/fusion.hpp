#pragma once

#include <span>

#include "layers/node.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// Two consecutive layers that are computed together, so that the array between them is never in memory. Each fusion is
// a class in a file of its own; the layers are unaware of it.
class Fusion {
 public:
  // Sets joins_next of the last but one of a sequence if it and the last one are such a pair.
  static void mark(std::span<Node> nodes);

  struct Pair {
    const Node &first, &second;
    Workspace& workspace;
  };
  virtual bool fits(const Node& first, const Node& second) const = 0;
  virtual void forward(const Pair& pair, const Call& first, const Call& second) const = 0;
  virtual void backward(const Pair& pair, const BackwardCall& first, const BackwardCall& second) const = 0;

 protected:
  ~Fusion() = default;  // not virtual: the fusions live as long as the process
};

}  // namespace xeras::layers
