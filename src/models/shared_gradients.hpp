#pragma once

#include <vector>

#include "core/processes.hpp"
#include "layers/workspace.hpp"

namespace xeras {

// Replaces the gradients of a step, each of a part of a batch, by their sums over the processes: all dense ones, and of
// a lookup weight the rows that any process has. The sums of a layer go on during the backward pass of the layers
// before it.
class SharedGradients {
 public:
  SharedGradients(Processes& processes, Workspace& workspace)
      : processes_(processes), workspace_(workspace), begun_(workspace.gradients.size()) {}

  // Begins the dense sums of a layer whose backward pass is done.
  void begin(const Node& node);
  // Ends all sums, of which numbers[i] is the slot of variables[i].
  void finish(std::span<const std::size_t> numbers, std::span<Variable* const> variables);

 private:
  // Gradients travel together until they are worth a message of their own.
  void add(std::size_t number, std::size_t size);
  void begin_bundle();
  void sum_rows(std::span<const std::size_t> numbers, std::span<Variable* const> variables);

  struct Bundle {
    std::vector<std::span<float>> gradients;
    std::size_t size = 0;
    float* numbers = nullptr;  // the gradients one behind the other, or the only one
  };

  Processes& processes_;
  Workspace& workspace_;
  std::vector<bool> begun_;  // by slot
  Bundle next_;
  std::vector<Bundle> bundles_;
};

}  // namespace xeras
