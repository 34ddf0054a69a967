#include "layers/workspace.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras {

void* Arena::allocate(std::size_t bytes) {
  constexpr std::size_t alignment = 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  while (current_ < blocks_.size() && used_ + bytes > blocks_[current_].memory.size()) {
    ++current_;
    used_ = 0;
  }
  if (current_ == blocks_.size()) {
    blocks_.push_back({});
    blocks_.back().memory.resize(std::max(bytes, capacity()));
    used_ = 0;
  }
  void* memory = blocks_[current_].memory.data() + used_;
  used_ += bytes;
  return memory;
}

void Arena::release(Mark mark) {
  current_ = mark.block;
  used_ = mark.used;
}

void Arena::reset() {
  if (blocks_.size() > 1) {
    const std::size_t total = capacity();
    blocks_.clear();
    blocks_.push_back({});
    blocks_.back().memory.resize(total);
  }
  release({});
}

std::size_t Arena::capacity() const {
  std::size_t total = 0;
  for (const Block& block : blocks_) total += block.memory.size();
  return total;
}

void RowGradient::reset() {
  for (const std::int32_t row : rows_) slot_[static_cast<std::size_t>(row)] = -1;
  rows_.clear();
  values_.clear();
}

void RowGradient::add(std::span<const std::int32_t> ids, const float* values, std::int64_t rows, std::int64_t columns) {
  if (slot_.empty()) slot_.assign(static_cast<std::size_t>(rows), -1);
  const auto width = static_cast<std::size_t>(columns);
  // Room for the most that this batch can touch, so that a later one with more distinct ids allocates nothing.
  const std::size_t most = std::min(rows_.size() + ids.size(), static_cast<std::size_t>(rows));
  rows_.reserve(most);
  values_.reserve(most * width);
  const kernels::Simd& simd = kernels::simd();
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::int32_t& slot = slot_[static_cast<std::size_t>(ids[i])];
    if (slot < 0) {
      slot = static_cast<std::int32_t>(rows_.size());
      rows_.push_back(ids[i]);
      values_.insert(values_.end(), values + i * width, values + (i + 1) * width);
    } else {
      simd.axpy(1.0f, values + i * width, values_.data() + static_cast<std::size_t>(slot) * width, width);
    }
  }
}

void RowGradient::scatter(float* dense, std::size_t columns) const {
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    kernels::simd().axpy(1.0f, values_.data() + i * columns, dense + static_cast<std::size_t>(rows_[i]) * columns,
                         columns);
  }
}

void Workspace::prepare(const BuildContext& sizes) {
  nodes.resize(sizes.nodes);
  buffers.resize(sizes.buffers);
  buffer_extents.resize(sizes.buffers);
  arena.reset();
  scratch.reset();
  updates.clear();
  ids = {};
  activity_loss = 0.0;
}

void Workspace::apply_updates() {
  for (const Update& update : updates) {
    std::copy_n(update.value, update.variable->value.size(), update.variable->value.data());
  }
}

}  // namespace xeras
