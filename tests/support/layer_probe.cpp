#include "support/layer_probe.hpp"

#include <algorithm>

namespace xeras::testing {
namespace {

Node build(Layer& layer, const Extents& input, bool masked, bool open, BuildContext& context) {
  std::vector<Dim> dims{None};
  for (std::size_t axis = 1; axis < input.rank(); ++axis) dims.push_back(open ? Dim(None) : Dim(input[axis]));
  const std::optional<Spec> first = layer.first_input();
  context.who = "layer 0";
  context.mask_origin = "the test";
  return Builder::build_node(layer, {Shape(dims), first ? first->dtype : DType::float32, masked}, context);
}

}  // namespace

LayerProbe::LayerProbe(Layer& layer, const Extents& input, bool masked, bool open)
    : layer_(layer), input_(input), node_(build(layer, input, masked, open, context_)) {}

View LayerProbe::run(const std::vector<float>& x, const std::vector<std::uint8_t>& mask, bool training, bool keep) {
  workspace_.prepare(context_, input_[0]);
  workspace_.training = training;
  workspace_.keep = keep;
  workspace_.random_key = 7;
  workspace_.step = 1;
  AnyView input = ConstView{x.data(), input_};
  if (node_.input.dtype == DType::int32) {
    ids_.assign(x.begin(), x.end());
    input = {ids_.data(), input_, ElementKind::i32};
  }
  const MaskView mask_view{mask.empty() ? nullptr : mask.data(), {input_[0], input_.rank() > 1 ? input_[1] : 1}};
  Pass::forward(node_, workspace_, {input, mask_view}, {});
  return workspace_.nodes[node_.number].output;
}

std::vector<float> LayerProbe::forward(const std::vector<float>& x, const std::vector<std::uint8_t>& mask,
                                       bool training) {
  const View y = run(x, mask, training, false);
  return {y.data, y.data + y.size()};
}

std::vector<std::uint8_t> LayerProbe::output_mask() const {
  const MaskView mask = workspace_.nodes[node_.number].output_mask;
  return mask.data == nullptr ? std::vector<std::uint8_t>()
                              : std::vector<std::uint8_t>(mask.data, mask.data + mask.size());
}

std::vector<std::int64_t> LayerProbe::buffer_sizes() const {
  std::vector<std::int64_t> sizes;
  for (const Extents& extents : workspace_.buffer_extents) sizes.push_back(extents.size());
  return sizes;
}

LayerProbe::Gradients LayerProbe::backward(const std::vector<float>& x, const std::vector<float>& dy,
                                           const std::vector<std::uint8_t>& mask, bool training) {
  workspace_.gradients.resize(context_.variables);
  const std::vector<Variable*> variables = layer_.variables();
  for (std::size_t i = 0; i < variables.size(); ++i) {
    GradientSlot& slot = workspace_.gradients[i];
    slot.wanted = true;
    slot.rows.reset();
    slot.dense.assign(variables[i]->size(), 0.0f);
  }
  const View y = run(x, mask, training, true);
  std::vector<float> output_grad = dy;  // the layer may overwrite it
  Gradients gradients;
  const bool ids = node_.input.dtype == DType::int32;
  if (!ids) gradients.input.resize(x.size());
  Pass::backward(node_, workspace_, {output_grad.data(), y.extents}, {ids ? nullptr : gradients.input.data(), input_});
  for (std::size_t i = 0; i < variables.size(); ++i) {
    GradientSlot& slot = workspace_.gradients[i];
    if (variables[i]->lookup) slot.rows.scatter(slot.dense.data(), variables[i]->value().shape().back());
    gradients.weights.emplace_back(slot.dense.begin(), slot.dense.end());
  }
  return gradients;
}

}  // namespace xeras::testing
