#pragma once

#include <string>
#include <vector>

#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// The declaration of a layer's properties; check_layer checks the layer against it and against the contract of all
// layers.
struct LayerCase {
  Extents input = {};  // with the batch
  Extents output = {};
  std::vector<std::string> weights = {};  // "kernel (4, 3)", in order
  bool makes_mask = false;
  bool passes_mask = false;
  bool uses_mask = false;
  bool ends_mask = false;      // without any of these three, a mask raises MaskError
  bool differentiable = true;  // at the probe's inputs; false for a maximum of nearly equal numbers
};

// Checks that the built shape is the shape of the actual output; the names, order and shapes of the weights; the config
// to plain data and back; that the weights in a new copy give the same output; that row i alone equals row i in a
// batch; that two calls agree; that 8 threads agree with one; that the third call allocates nothing; the gradients of
// input and weights, in inference and in training, against central differences; that masked steps at the end change
// nothing; that an unsupported mask throws.
void check_layer(const AnyLayer& layer, const Value& reread, const LayerCase& expected);

template <std::derived_from<Layer> L>
void check_layer(L layer, const LayerCase& expected) {
  typename L::Config config{};
  from_value(layer.get_config(), config, "config");
  check_layer(AnyLayer(std::move(layer)), L(std::move(config)).get_config(), expected);
}

}  // namespace xeras::testing
