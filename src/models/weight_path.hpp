#pragma once

#include <string>
#include <string_view>

#include "layers/node.hpp"
#include "layers/snake_case.hpp"

namespace xeras {

// The paths of weights, as in Keras: "sequential/lstm/lstm_cell/kernel".

// Returns the first part: the model's name, or Keras's default.
inline std::string_view path_start(const std::string& model) {
  return model.empty() ? std::string_view("sequential") : model;
}

inline std::string cell_name(const Node& node) { return snake_case(node.layer->class_name()) + "_cell"; }

// Extends the path of a layer to that of its own weights.
inline void append_owner(const Node& node, std::string& path) {
  if (node.has_cell) path.append("/").append(cell_name(node));
}

}  // namespace xeras
