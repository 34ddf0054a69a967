#pragma once

#include <span>
#include <string_view>

namespace xeras {

// Returns the names that Keras 3.15 has and this library lacks: class names, and function names that have no class.
// `kind` is "loss", "metric", "optimizer", "activation", "initializer" or "layer class".
std::span<const std::string_view> missing_keras_names(std::string_view kind);

// True when `name` is one of these, as a class name or in snake_case: "F1Score", "f1_score".
bool is_missing_keras_name(std::string_view kind, std::string_view name);

}  // namespace xeras
