#pragma once

#include <optional>
#include <vector>

#include "layers/pass.hpp"
#include "xeras/layers/layer.hpp"

namespace xeras::testing {

// One layer outside a model: built for a shape, run forward and backward on data of the test's own.
class LayerProbe {
 public:
  // The input shape with its batch; ids for an Embedding. With `open` the layer is built without knowing any axis.
  LayerProbe(Layer& layer, const Extents& input, bool masked = false, bool open = false);

  const Node& node() const { return node_; }
  std::int64_t output_size() const { return layer_.extents_after(input_).size(); }

  // x as floats, ids too.
  std::vector<float> forward(const std::vector<float>& x, const std::vector<std::uint8_t>& mask = {},
                             bool training = false);
  std::vector<std::uint8_t> output_mask() const;
  // How many numbers each buffer had in the last call, those of the layers within too.
  std::vector<std::int64_t> buffer_sizes() const;

  struct Gradients {
    std::vector<float> input;                 // empty where the input is ids
    std::vector<std::vector<float>> weights;  // dense, also of a lookup weight
  };
  // The gradients of sum(dy * y), after a forward pass.
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
