#include "models/padding.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <numeric>
#include <string_view>

#include "core/input_visit.hpp"

namespace xeras {
namespace {

bool is_one_of(std::string_view name, std::span<const std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool option(const Node& node, std::string_view name) {
  const Value config = node.layer->get_config();
  const Value* value = config.find(name);
  const bool* set = value != nullptr ? value->get_if<bool>() : nullptr;
  return set != nullptr && *set;
}

constexpr std::array<std::string_view, 14> step_by_step = {
    "Activation", "AlphaDropout", "Dense",   "Dropout", "ELU",        "GaussianDropout",  "GaussianNoise",
    "LeakyReLU",  "ReLU",         "Softmax", "PReLU",   "Sequential", "SpatialDropout1D", "UnitNormalization"};
constexpr std::array<std::string_view, 5> by_mask = {"BatchNormalization", "Embedding", "GlobalAveragePooling1D",
                                                     "GlobalMaxPooling1D", "LayerNormalization"};
constexpr std::array<std::string_view, 3> recurrent = {"GRU", "LSTM", "SimpleRNN"};

// Of one direction: where the last step decides whether zeros are shown, masked steps are seen.
bool shows_state(const Node& node) {
  return is_one_of(node.layer->class_name(), recurrent) && !node.activity_regularizer &&
         (option(node, "return_sequences") || !option(node, "zero_output_for_mask"));
}

bool leaves_masked_steps_alone(const Node& node) {
  const std::string name = node.layer->class_name();
  if (node.activity_regularizer) return false;  // a penalty counts all steps
  const auto all = [&](const auto& holds) { return std::all_of(node.children.begin(), node.children.end(), holds); };
  if (is_one_of(name, step_by_step) || is_one_of(name, by_mask)) return all(leaves_masked_steps_alone);
  // Backwards the outputs would begin with those of the padding.
  if (is_one_of(name, recurrent)) {
    return shows_state(node) && !(option(node, "go_backwards") && option(node, "return_sequences"));
  }
  if (name == "Bidirectional") return all(shows_state);
  if (name == "TimeDistributed") {
    return all(
        [](const Node& child) { return child.children.empty() && is_one_of(child.layer->class_name(), step_by_step); });
  }
  return false;
}

// The steps of a row until its last id that is not 0.
template <class T>
std::int64_t steps_in_use(const T* row, std::int64_t time) {
  while (time > 0 && row[time - 1] == T{}) --time;
  return time;
}

}  // namespace

bool makes_padding_mask(std::span<const Node> nodes) {
  return !nodes.empty() && nodes.front().input.dtype == DType::int32 && nodes.front().mask_role == MaskRole::made;
}

bool ignores_padding(std::span<const Node> nodes) {
  if (!makes_padding_mask(nodes) || nodes.front().input.shape[1].known()) return false;
  const Shape& output = nodes.back().output.shape;
  for (std::size_t axis = 1; axis < output.rank(); ++axis) {
    if (!output[axis].known()) return false;
  }
  return std::all_of(nodes.begin(), nodes.end(), [](const Node& node) {
    const bool sees_steps = node.input.shape.rank() >= 2 && !node.input.shape[1].known();
    return !sees_steps || leaves_masked_steps_alone(node);
  });
}

Extents trim_padding(Workspace& workspace) {
  Ids& ids = workspace.ids;
  const std::int64_t B = ids.extents[0], T = ids.extents[1];
  visit_data(ids.kind, ids.data, [&]<class Id>(const Id* data) {
    std::int64_t used = std::min<std::int64_t>(T, 1);
    for (std::int64_t b = 0; b < B && used < T; ++b) used = std::max(used, steps_in_use(data + b * T, T));
    if (used == T) return;
    const std::size_t bytes = static_cast<std::size_t>(used) * sizeof(Id);
    auto* kept = static_cast<std::byte*>(workspace.arena.allocate(static_cast<std::size_t>(B) * bytes));
    for (std::int64_t b = 0; b < B; ++b) std::memcpy(kept + static_cast<std::size_t>(b) * bytes, data + b * T, bytes);
    ids.data = kept;
    ids.extents[1] = used;
  });
  return ids.extents;
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
  // Whole batches change places; the last one, which may be smaller, stays.
  for (std::size_t i = order.size() / batch; i > 1; --i) {
    const std::size_t k = stream.below(i, i);
    std::swap_ranges(order.begin() + static_cast<std::ptrdiff_t>((i - 1) * batch),
                     order.begin() + static_cast<std::ptrdiff_t>(i * batch),
                     order.begin() + static_cast<std::ptrdiff_t>(k * batch));
  }
}

}  // namespace xeras
