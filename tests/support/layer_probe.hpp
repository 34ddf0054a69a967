#pragma once

#include <optional>
#include <vector>

#include "layers/pass.hpp"
#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// Runs one layer outside a model: builds it for a shape, then runs it forward and backward on the test's data.
class LayerProbe {
 public:
  // Takes the input shape with its batch; the input is ids for an Embedding. With `open`, the layer is built with all
  // axes unknown.
  LayerProbe(Layer& layer, const Extents& input, bool masked = false, bool open = false);

  const Node& node() const { return node_; }
  std::int64_t output_size() const { return layer_.extents_after(input_).size(); }

  // Runs the layer on x, where ids are given as floats too.
  std::vector<float> forward(const std::vector<float>& x, const std::vector<std::uint8_t>& mask = {},
                             bool training = false);
  std::vector<std::uint8_t> output_mask() const;
  // Returns the size of each buffer in the last call, including those of nested layers.
  std::vector<std::int64_t> buffer_sizes() const;

  struct Gradients {
    std::vector<float> input;                 // empty if the input is ids
    std::vector<std::vector<float>> weights;  // dense, also for a lookup weight
  };
  // Returns the gradients of sum(dy * y), after a forward pass.
  Gradients backward(const std::vector<float>& x, const std::vector<float>& dy,
                     const std::vector<std::uint8_t>& mask = {}, bool training = false);

 private:
  View run(const std::vector<float>& x, const std::vector<std::uint8_t>& mask, bool training, bool keep);

  Layer& layer_;
  Extents input_;
  BuildContext context_;
  Node node_;
  Workspace workspace_;
  std::vector<std::int32_t> ids_;
};

}  // namespace xeras::testing
