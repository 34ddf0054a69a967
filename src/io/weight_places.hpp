#pragma once

#include <map>
#include <string>
#include <vector>

#include "layers/node.hpp"
#include "xeras/models/sequential.hpp"

namespace xeras::io {

// The place of a layer's own weights in Keras's files: a group, and Keras's name of the weights' owner.
struct WeightPlace {
  std::string group;  // "layers/bidirectional/forward_layer/cell" in Keras 3 files
  std::string owner;  // "gru_cell"
  std::vector<Variable*> variables;
};

// A file's class names of layers, if the library's differ: RNN(LSTMCell) is an LSTM here.
using FileClasses = std::map<const Layer*, std::string>;

// Returns the places of all layers of a built model, nested ones included; layers without weights have a group too.
std::vector<WeightPlace> weight_places(const Sequential& model, const FileClasses& classes = {});

// A weight with its Keras 3 path, such as "forward_gru/gru_cell/kernel". A layer's weights are in the order of older
// files: trainable ones first.
struct NamedVariable {
  std::string path;
  Variable* variable;
};
std::vector<NamedVariable> legacy_order(const Node& layer);
// Returns these for all layers of a built model.
std::vector<NamedVariable> legacy_order(const Sequential& model);

// Returns the path that Keras gives such a weight, also in a model without a name: "sequential/dense/kernel".
std::string keras_path(const Sequential& model, const NamedVariable& weight);

}  // namespace xeras::io
