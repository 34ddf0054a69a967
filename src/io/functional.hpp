#pragma once

#include <string>

#include "xeras/core/value.hpp"

namespace xeras::io {

// True for "Functional", and "Model" of older files: layers with a graph that connects them.
bool is_functional(const std::string& class_name);

// Returns the configuration of a model and its nested models in the form of a Sequential: the layers of each graph in
// the order of its chain, without the graph. Throws FileError for a graph that is not a chain.
Value without_graph(const Value& model, const std::string& path);

}  // namespace xeras::io
