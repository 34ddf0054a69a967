#pragma once

#include <string>
#include <vector>

#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// One declaration of what a layer is; check_layer puts the layer through the contract that every layer keeps.
struct LayerCase {
  Extents input = {};  // with the batch
  Extents output = {};
  std::vector<std::string> weights = {};  // "kernel (4, 3)", in order
  bool makes_mask = false;
  bool passes_mask = false;
  bool uses_mask = false;
  bool ends_mask = false;      // none of these: a mask raises MaskError
  bool differentiable = true;  // where the probe's inputs are; not for a maximum of nearly equal numbers
};

// Checks: the built shape is that of the real output; names, order and shapes of the weights; config to plain data and
// back; weights into a fresh copy give the same output; row i alone equals row i in a batch; two calls agree; 8 threads
// agree with one; no allocation on the third call; gradients of input and weights, in inference and in training,
// against central differences; masked steps at the end change nothing; a mask that is not supported raises.
void check_layer(const AnyLayer& layer, const Value& reread, const LayerCase& expected);

template <std::derived_from<Layer> L>
void check_layer(L layer, const LayerCase& expected) {
  typename L::Config config{};
  from_value(layer.get_config(), config, "config");
  check_layer(AnyLayer(std::move(layer)), L(std::move(config)).get_config(), expected);
}

}  // namespace xeras::testing
