#include "xeras/layers/reshaping/reshape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/checked.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// Returns the product of the sizes except -1.
std::int64_t known_size(const std::vector<std::int64_t>& target) {
  std::int64_t size = 1;
  for (const std::int64_t axis : target) size *= axis < 0 ? 1 : axis;
  return size;
}

}  // namespace

Reshape::Reshape(ReshapeConfig config) : LayerWith(std::move(config)) {
  const auto& target = this->config().target_shape;
  const auto too_small = [](std::int64_t size) { return size < -1; };
  if (target.size() + 1 > Extents::max_rank || std::any_of(target.begin(), target.end(), too_small) ||
      std::count(target.begin(), target.end(), -1) > 1) {
    throw InvalidArgument(fmt::format(
        "{}: target_shape is ({}); expected up to {} sizes >= 0, of which one may be -1. Leave the batch axis out.",
        who(), fmt::join(target, ", "), Extents::max_rank - 1));
  }
  std::int64_t size = 1;
  for (const std::int64_t axis : target) {
    size = checked_product([&] { return who() + ": target_shape"; }, size, std::max<std::int64_t>(1, axis));
  }
}

Spec Reshape::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1});
  const auto& target = config().target_shape;
  const Shape sample = input.shape.without_batch();
  const std::int64_t rest = known_size(target);
  std::vector<Dim> dims{input.shape[0]};
  for (const std::int64_t axis : target) {
    const bool computable = axis < 0 && sample.known() && rest > 0;
    dims.push_back(axis >= 0 ? Dim(axis) : computable ? Dim(sample.size() / rest) : Dim(None));
  }
  const Shape output(std::move(dims));
  if (sample.known() && output.without_batch().known() && output.without_batch().size() != sample.size()) {
    throw ShapeError(fmt::format(
        "{}: input is {}; expected {} elements a sample for target_shape ({}). Change target_shape, or use one -1.",
        builder.who(), input.shape.to_string(), rest, fmt::join(target, ", ")));
  }
  return {output};
}

void Reshape::output_extents(const Extents& input, Extents& output) const {
  const std::int64_t sample = input[0] == 0 ? 0 : input.size() / input[0];
  const auto& target = config().target_shape;
  const std::int64_t rest = known_size(target);
  for (std::size_t axis = 0; axis < target.size(); ++axis) {
    output[axis + 1] = target[axis] >= 0 ? target[axis] : rest > 0 ? sample / rest : 0;
  }
  if (input[0] > 0 && output.size() != input.size()) {
    throw InvalidInput(fmt::format(
        "{}: a batch of shape {}; expected {} elements a sample for target_shape ({}). Change the data, or use one -1.",
        who(), input.to_string(), rest, fmt::join(target, ", ")));
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Reshape)
