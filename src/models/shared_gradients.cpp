#include "models/shared_gradients.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace xeras {
namespace {

// A bundle of so many numbers, 256 KiB, takes much longer to travel than a message's latency.
constexpr std::size_t enough = std::size_t{1} << 16;

// The rows of one lookup weight, of which process p has counts[p].
class SharedRows {
 public:
  SharedRows(Processes& processes, std::vector<std::size_t> counts, Variable& variable, GradientSlot& slot,
             Arena& arena)
      : processes_(processes),
        counts_(std::move(counts)),
        total_(std::accumulate(counts_.begin(), counts_.end(), std::size_t{0})),
        height_(static_cast<std::size_t>(variable.extents()[0])),
        width_(variable.size() / std::max<std::size_t>(1, height_)),
        slot_(slot),
        arena_(arena) {}

  // The rows of all processes travel to each of them; a sum of whole tables moves two tables.
  void sum() {
    if (total_ > 2 * height_) {
      sum_tables();
    } else {
      gather_rows();
    }
  }

 private:
  void gather_rows() {
    const std::span<std::int32_t> rows = integers(total_);
    float* const values = floats(total_ * width_);
    processes_.gather(slot_.rows.rows().data(), sizes(sizeof(std::int32_t)), rows.data());
    processes_.gather(slot_.rows.values(), sizes(width_ * sizeof(float)), values);
    replace(rows, values);
  }

  void sum_tables() {
    float* const table = floats(height_ * width_);
    std::fill_n(table, height_ * width_, 0.0f);
    slot_.rows.scatter(table, width_);
    processes_.sum(std::span<float>(table, height_ * width_));
    const std::span<std::int32_t> rows = integers(height_);
    std::iota(rows.begin(), rows.end(), 0);
    replace(rows, table);
  }

  void replace(std::span<const std::int32_t> rows, const float* values) {
    slot_.rows.reset();
    slot_.rows.add(rows, values, static_cast<std::int64_t>(height_), static_cast<std::int64_t>(width_));
  }

  std::vector<std::size_t> sizes(std::size_t row_bytes) const {
    std::vector<std::size_t> sizes = counts_;
    for (std::size_t& size : sizes) size *= row_bytes;
    return sizes;
  }
  float* floats(std::size_t count) { return arena_.floats(static_cast<std::int64_t>(count)); }
  std::span<std::int32_t> integers(std::size_t count) {
    return {static_cast<std::int32_t*>(arena_.allocate(count * sizeof(std::int32_t))), count};
  }

  Processes& processes_;
  std::vector<std::size_t> counts_;
  std::size_t total_, height_, width_;
  GradientSlot& slot_;
  Arena& arena_;
};

}  // namespace

void SharedGradients::begin(const Node& node) {
  for (const Node::Slot& slot : node.weights) {
    if (workspace_.gradients[slot.number].wanted && !slot.variable->lookup) add(slot.number, slot.variable->size());
  }
  for (const Node& child : node.children) begin(child);
}

void SharedGradients::add(std::size_t number, std::size_t size) {
  if (begun_[number]) return;
  begun_[number] = true;
  next_.gradients.emplace_back(workspace_.gradients[number].dense.data(), size);
  next_.size += size;
  if (next_.size >= enough) begin_bundle();
}

void SharedGradients::begin_bundle() {
  Bundle bundle = std::exchange(next_, {});
  if (bundle.size == 0) return;
  bundle.numbers = bundle.gradients[0].data();
  if (bundle.gradients.size() > 1) {
    float* next = bundle.numbers = workspace_.arena.floats(static_cast<std::int64_t>(bundle.size));
    for (const std::span<float> gradient : bundle.gradients) next = std::copy(gradient.begin(), gradient.end(), next);
  }
  processes_.begin_sum({bundle.numbers, bundle.size});
  bundles_.push_back(std::move(bundle));
}

void SharedGradients::finish(std::span<const std::size_t> numbers, std::span<Variable* const> variables) {
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (!variables[i]->lookup) add(numbers[i], variables[i]->size());
  }
  begin_bundle();
  sum_rows(numbers, variables);
  processes_.end_sums();
  for (const Bundle& bundle : bundles_) {
    if (bundle.gradients.size() == 1) continue;
    const float* next = bundle.numbers;
    for (const std::span<float> gradient : bundle.gradients) {
      std::copy_n(next, gradient.size(), gradient.data());
      next += gradient.size();
    }
  }
}

void SharedGradients::sum_rows(std::span<const std::size_t> numbers, std::span<Variable* const> variables) {
  std::vector<std::size_t> lookups;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i]->lookup) lookups.push_back(i);
  }
  if (lookups.empty()) return;
  // The numbers of rows of all lookups come first.
  const auto count = static_cast<std::size_t>(processes_.count());
  std::vector<std::size_t> own, all(count * lookups.size());
  for (const std::size_t i : lookups) own.push_back(workspace_.gradients[numbers[i]].rows.rows().size());
  const std::vector<std::size_t> sizes(count, own.size() * sizeof(std::size_t));
  processes_.gather(own.data(), sizes, all.data());
  for (std::size_t k = 0; k < lookups.size(); ++k) {
    Variable& variable = *variables[lookups[k]];
    GradientSlot& slot = workspace_.gradients[numbers[lookups[k]]];
    std::vector<std::size_t> counts;
    for (std::size_t p = 0; p < count; ++p) counts.push_back(all[p * lookups.size() + k]);
    SharedRows(processes_, std::move(counts), variable, slot, workspace_.arena).sum();
    // Rows that only other processes read are behind. All processes bring a row up to date in the same step, which
    // keeps their bits equal.
    variable.catch_up(slot.rows.rows());
  }
}

}  // namespace xeras
