#include "layers/fusion.hpp"

#include "layers/conv_max_pooling.hpp"
#include "layers/embedding_mean.hpp"

namespace xeras::layers {

void Fusion::mark(std::span<Node> nodes) {
  static const ConvMaxPooling conv_max_pooling;
  static const EmbeddingMean embedding_mean;
  if (nodes.size() < 2) return;
  Node& first = nodes[nodes.size() - 2];
  first.joins_next = nullptr;
  for (const Fusion* fusion :
       {static_cast<const Fusion*>(&conv_max_pooling), static_cast<const Fusion*>(&embedding_mean)}) {
    if (fusion->fits(first, nodes.back())) first.joins_next = fusion;
  }
}

}  // namespace xeras::layers
