#pragma once

#include <string>

#include "layers/node.hpp"
#include "layers/snake_case.hpp"

namespace xeras {

// The paths of weights, as in Keras: "sequential/lstm/lstm_cell/kernel".

inline std::string cell_name(const Node& node) { return snake_case(node.layer->class_name()) + "_cell"; }

// Extends the path of a layer to that of its own weights.
inline void append_owner(const Node& node, std::string& path) {
  if (node.has_cell) path.append("/").append(cell_name(node));
}

}  // namespace xeras
