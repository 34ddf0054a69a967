#include "xeras/layers/reshaping/permute.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

// Calls visit(output index, input index) for every element of one call.
template <class Visit>
void each_element(const Extents& input, const Extents& output, const std::vector<std::int64_t>& dims, Visit visit) {
  std::array<std::int64_t, Extents::max_rank> stride{};  // of each output axis, in the input
  for (std::size_t axis = 0; axis < output.rank(); ++axis) {
    const std::size_t from = axis == 0 ? 0 : static_cast<std::size_t>(dims[axis - 1]);
    stride[axis] = 1;
    for (std::size_t inner = from + 1; inner < input.rank(); ++inner) stride[axis] *= input[inner];
  }
  const std::size_t last = output.rank() - 1;
  std::array<std::int64_t, Extents::max_rank> index{};
  std::int64_t row = 0;  // the input index where the current row starts
  for (std::int64_t i = 0, size = output.size(); i < size; i += output[last]) {
    for (std::int64_t j = 0; j < output[last]; ++j) visit(i + j, row + j * stride[last]);
    for (std::size_t axis = last; axis-- > 0;) {
      row += stride[axis];
      if (++index[axis] < output[axis]) break;
      row -= index[axis] * stride[axis];
      index[axis] = 0;
    }
  }
}

}  // namespace

Permute::Permute(PermuteConfig config) : LayerWith(std::move(config)) {
  const auto& dims = this->config().dims;
  bool valid = !dims.empty() && dims.size() < Extents::max_rank;
  for (std::size_t axis = 1; axis <= dims.size(); ++axis) {
    valid &= std::count(dims.begin(), dims.end(), static_cast<std::int64_t>(axis)) == 1;
  }
  if (!valid) {
    throw InvalidArgument(fmt::format(
        "{}: dims is ({}); expected each of 1, 2, ... once, at most {}. Count the axes from 1, without the batch.",
        who(), fmt::join(dims, ", "), Extents::max_rank - 1));
  }
}

Spec Permute::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  const auto& dims = config().dims;
  if (input.shape.rank() != dims.size() + 1) {
    throw ShapeError(fmt::format("{}: input is {}; expected {} axes after the batch for dims ({}). Name every axis.",
                                 builder.who(), input.shape.to_string(), dims.size(), fmt::join(dims, ", ")));
  }
  Shape output = input.shape;
  for (std::size_t i = 0; i < dims.size(); ++i) output[i + 1] = input.shape[static_cast<std::size_t>(dims[i])];
  return {output};
}

bool Permute::passes_input(bool) const { return std::is_sorted(config().dims.begin(), config().dims.end()); }

void Permute::forward(const Call& call) const {
  const float* x = call.input().data;
  float* y = call.output().data;
  each_element(call.input().extents, call.output().extents, config().dims,
               [=](std::int64_t to, std::int64_t from) { y[to] = x[from]; });
}

void Permute::backward(const BackwardCall& call) const {
  if (!call.wants_input_grad()) return;
  const float* dy = call.output_grad().data;
  float* dx = call.input_grad().data;
  each_element(call.input().extents, call.output().extents, config().dims,
               [=](std::int64_t to, std::int64_t from) { dx[from] = dy[to]; });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Permute)
