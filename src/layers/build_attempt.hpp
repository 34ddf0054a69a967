#pragma once

#include <span>
#include <vector>

#include "xeras/layers/layer.hpp"

namespace xeras {

// Layers that are not built when an attempt to build them begins, those within them too. They know nothing of it unless
// it succeeds: another attempt may bring another shape.
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
