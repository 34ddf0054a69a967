#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// "Functional", or "Model" of older files: layers with a graph that connects them.
bool is_functional(const std::string& class_name);

// The configuration of a model, and of those within it, with the layers of each graph in the order of its chain and
// without the graph, as Sequential has them. Raises FileError for a graph that is no chain.
Value without_graph(const Value& model, const std::string& path);

}  // namespace xeras::io
