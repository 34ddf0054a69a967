#pragma once

#include <map>
#include <string>
#include <vector>

#include "layers/node.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// Where a layer's own weights stand in Keras's files: a group, and the name that Keras gives to whoever owns them.
struct WeightPlace {
  std::string group;  // "layers/bidirectional/forward_layer/cell", of Keras 3's files
  std::string owner;  // "gru_cell"
  std::vector<Variable*> variables;
};

// What a file calls the classes of layers, where the library calls them otherwise: RNN(LSTMCell) is an LSTM here.
using FileClasses = std::map<const Layer*, std::string>;

// The places of all layers of a built model, and of the layers within them; those without weights have a group as well.
std::vector<WeightPlace> weight_places(const Sequential& model, const FileClasses& classes = {});

// A layer's weights with the paths that Keras 3 calls them by, "forward_gru/gru_cell/kernel", in the order of older
// files: those that are trained first.
struct NamedVariable {
  std::string path;
  Variable* variable;
};
std::vector<NamedVariable> legacy_order(const Node& layer);
// The same for all layers of a built model.
std::vector<NamedVariable> legacy_order(const Sequential& model);

}  // namespace xeras::io
