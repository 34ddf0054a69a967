#pragma once

#include <span>
#include <vector>

#include "xeras/layers/layer.hpp"

namespace xeras {

// An attempt to build layers. Unless it succeeds, layers (inner ones, too) that were not built before are reset,
// because the next attempt may have another shape.
class BuildAttempt {
 public:
  explicit BuildAttempt(std::span<AnyLayer> layers);
  ~BuildAttempt();
  BuildAttempt(const BuildAttempt&) = delete;
  BuildAttempt& operator=(const BuildAttempt&) = delete;
  void succeed() { unbuilt_.clear(); }

 private:
  std::vector<Layer*> unbuilt_;
};

}  // namespace xeras
