#include "models/padding.hpp"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "core/input_visit.hpp"

namespace xeras {
namespace {

template <class Holds>
bool all_children(const Node& node, const Holds& holds) {
  return std::all_of(node.children.begin(), node.children.end(), holds);
}

// An activity regularizer needs all steps.
bool no_penalty(const Node& node) { return !node.activity_regularizer && all_children(node, no_penalty); }

bool steps_apart(const Node& node) {
  return no_penalty(node) && (node.steps == InputSteps::apart || node.is_chain) && all_children(node, steps_apart);
}

// Returns the number of steps up to the row's last id other than 0.
template <class T>
std::int64_t steps_in_use(const T* row, std::int64_t time) {
  while (time > 0 && row[time - 1] == T{}) --time;
  return time;
}

}  // namespace

bool makes_padding_mask(std::span<const Node> nodes) { return !nodes.empty() && nodes.front().masks_padding; }

bool ignores_masked_steps(const Node& node) {
  const Spec& input = node.input;
  const bool sees_steps = input.shape.rank() >= 2 && !input.shape[1].known();
  if (!sees_steps) return true;
  if (node.is_chain) return all_children(node, ignores_masked_steps);
  const bool knows_them = input.masked || input.dtype == DType::int32;
  return steps_apart(node) || (knows_them && no_penalty(node) && node.steps == InputSteps::masked_ones_ignored);
}

bool may_leave_padding_out(std::span<const Node> nodes) {
  if (!makes_padding_mask(nodes) || nodes.front().input.shape[1].known()) return false;
  const Shape& output = nodes.back().output.shape;
  for (std::size_t axis = 1; axis < output.rank(); ++axis) {
    if (!output[axis].known()) return false;
  }
  return true;
}

bool ignores_padding(std::span<const Node> nodes) {
  return may_leave_padding_out(nodes) && std::all_of(nodes.begin(), nodes.end(), ignores_masked_steps);
}

AnyView without_padding(const AnyView& ids, Arena& arena) {
  const std::int64_t B = ids.extents[0], T = ids.extents[1];
  AnyView result = ids;
  visit_data(ids.kind, ids.data, [&]<class Id>(const Id* data) {
    std::int64_t used = std::min<std::int64_t>(T, 1);
    for (std::int64_t b = 0; b < B && used < T; ++b) used = std::max(used, steps_in_use(data + b * T, T));
    if (used == T) return;
    const std::size_t bytes = static_cast<std::size_t>(used) * sizeof(Id);
    auto* kept = static_cast<std::byte*>(arena.allocate(static_cast<std::size_t>(B) * bytes));
    for (std::int64_t b = 0; b < B; ++b) std::memcpy(kept + static_cast<std::size_t>(b) * bytes, data + b * T, bytes);
    result.data = kept;
    result.extents[1] = used;
  });
  return result;
}

void bucket_by_length(const Input& ids, std::int64_t batch_size, const RandomStream& stream,
                      std::vector<std::int64_t>& order) {
  constexpr std::size_t batches_a_stretch = 50;
  const std::int64_t T = ids.extents()[1];
  std::vector<std::int32_t> lengths(static_cast<std::size_t>(ids.length()));
  visit_data(ids, [&]<class Id>(const Id* data) {
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      lengths[i] = static_cast<std::int32_t>(steps_in_use(data + static_cast<std::int64_t>(i) * T, T));
    }
  });
  const auto batch = static_cast<std::size_t>(batch_size);
  for (std::size_t first = 0; first < order.size(); first += batches_a_stretch * batch) {
    const std::size_t last = std::min(order.size(), first + batches_a_stretch * batch);
    std::stable_sort(order.begin() + static_cast<std::ptrdiff_t>(first),
                     order.begin() + static_cast<std::ptrdiff_t>(last), [&](std::int64_t a, std::int64_t b) {
                       return lengths[static_cast<std::size_t>(a)] < lengths[static_cast<std::size_t>(b)];
                     });
  }
  // Shuffles whole batches; the last one, which may be smaller, stays.
  for (std::size_t i = order.size() / batch; i > 1; --i) {
    const std::size_t k = stream.below(i, i);
    std::swap_ranges(order.begin() + static_cast<std::ptrdiff_t>((i - 1) * batch),
                     order.begin() + static_cast<std::ptrdiff_t>(i * batch),
                     order.begin() + static_cast<std::ptrdiff_t>(k * batch));
  }
}

}  // namespace xeras
