#pragma once

#include "xeras/models/custom_layer.hpp"

namespace xeras {

// While one of these lives, layers of these classes are made from configurations too, in this thread.
class CustomLayersScope {
 public:
  explicit CustomLayersScope(const CustomLayers& layers);
  ~CustomLayersScope();
  CustomLayersScope(const CustomLayersScope&) = delete;
  CustomLayersScope& operator=(const CustomLayersScope&) = delete;

 private:
  const CustomLayers* before_;
};

// Whether the registry has a row for it.
bool is_layer_of_library(const std::string& class_name);

}  // namespace xeras
