#include "layers/workspace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/parallel_each.hpp"
#include "xeras/core/error.hpp"

namespace xeras {

static thread_local std::size_t largest_block = std::numeric_limits<std::size_t>::max();

ArenaLimit::ArenaLimit(std::size_t bytes) { largest_block = bytes; }
ArenaLimit::~ArenaLimit() { largest_block = std::numeric_limits<std::size_t>::max(); }

void* Arena::allocate(std::size_t bytes) {
  constexpr std::size_t alignment = 64;
  bytes = (bytes + alignment - 1) / alignment * alignment;
  while (current_ < blocks_.size() && used_ + bytes > blocks_[current_].size()) {
    ++current_;
    used_ = 0;
  }
  if (current_ == blocks_.size()) {
    const std::size_t size = std::max(bytes, capacity());
    if (size > largest_block) {
      throw Error(fmt::format("a batch needs a block of {} MiB; expected at most {} MiB for a model from a file.",
                              size >> 20, largest_block >> 20));
    }
    blocks_.emplace_back(size);
    used_ = 0;
  }
  void* memory = blocks_[current_].data() + used_;
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
    blocks_.emplace_back(total);
  }
  release({});
}

std::size_t Arena::capacity() const {
  std::size_t total = 0;
  for (const Block& block : blocks_) total += block.size();
  return total;
}

void RowGradient::reset() {
  rows_.clear();
  ids_ = {};
  summed_ = 0;
}

void RowGradient::group(std::span<const std::int32_t> ids, std::int64_t rows) {
  if (slot_.empty()) slot_.resize(static_cast<std::size_t>(rows));
  // Reserve for the most rows that the batch can have, so a later one with more distinct ids allocates nothing.
  const std::size_t most = std::min(rows_.size() + ids.size(), static_cast<std::size_t>(rows));
  rows_.reserve(most);
  positions_.reserve(most);
  positions_.assign(rows_.size(), {-1, -1});
  next_.assign(ids.size(), -1);
  ids_ = ids;
  constexpr std::size_t ahead = 16;  // slots are far apart, so they are prefetched
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (i + ahead < ids.size()) __builtin_prefetch(&slot_[static_cast<std::size_t>(ids[i + ahead])], 1);
    const auto position = static_cast<std::int32_t>(i);
    std::uint32_t& slot = slot_[static_cast<std::size_t>(ids[i])];
    if (slot >= rows_.size() || rows_[slot] != ids[i]) {
      slot = static_cast<std::uint32_t>(rows_.size());
      rows_.push_back(ids[i]);
      positions_.push_back({position, position});
      continue;
    }
    Positions& own = positions_[slot];
    (own.first < 0 ? own.first : next_[static_cast<std::size_t>(own.last)]) = position;
    own.last = position;
  }
}

void RowGradient::add(std::span<const std::int32_t> ids, const float* values, std::int64_t rows, std::int64_t columns,
                      Share share) {
  if (ids.data() != ids_.data() || ids.size() != ids_.size()) group(ids, rows);
  const auto width = static_cast<std::size_t>(columns);
  const auto per = static_cast<std::uint32_t>(share.positions);
  if (values_.size() < rows_.capacity() * width) values_.resize(rows_.capacity() * width);
  const std::size_t repeats = 1 + ids.size() / std::max<std::size_t>(1, rows_.size());
  parallel_each(rows_.size(), 2 * width * repeats, [&](std::size_t i) {
    float* const sum = values_.data() + i * width;
    std::int32_t p = rows_[i] == share.skipped ? -1 : positions_[i].first;
    const auto take = [&] {
      const float* const from =
          values + (per == 1 ? static_cast<std::uint32_t>(p) : static_cast<std::uint32_t>(p) / per) * width;
      p = next_[static_cast<std::size_t>(p)];
      return from;
    };
    if (i >= summed_) p >= 0 ? std::copy_n(take(), width, sum) : std::fill_n(sum, width, 0.0f);
    for (std::size_t terms = 1; p >= 0 && terms < kernels::terms_in_float; ++terms) {
      kernels::simd().axpy(1.0f, take(), sum, width);
    }
    if (p >= 0) add_positions(p, values, width, share, sum);  // a frequent word
  });
  summed_ = rows_.size();
  ids_ = {};
}

void RowGradient::add_positions(std::int32_t first, const float* values, std::size_t width, Share share,
                                float* sum) const {
  constexpr std::size_t most = kernels::SumOfRows::most;
  const auto per = static_cast<std::int32_t>(share.positions);
  for (std::size_t c = 0; c < width; c += most) {
    kernels::SumOfRows rows(values + c, width, sum + c, std::min(most, width - c));
    for (std::int32_t p = first; p >= 0; p = next_[static_cast<std::size_t>(p)]) rows.add(p / per);
    rows.finish();
  }
}

void RowGradient::scatter(float* dense, std::size_t columns) const {
  for (std::size_t i = 0; i < summed_; ++i) {
    kernels::simd().axpy(1.0f, values_.data() + i * columns, dense + static_cast<std::size_t>(rows_[i]) * columns,
                         columns);
  }
}

void GradientSlot::set_zero(std::size_t size) {
  dense.resize(size);
  parallel_for(size, 1,
               [&](std::size_t begin, std::size_t end) { std::fill(dense.data() + begin, dense.data() + end, 0.0f); });
}

void Workspace::prepare(const BuildContext& sizes, std::int64_t batch) {
  nodes.resize(sizes.nodes);
  buffers.resize(sizes.buffers);
  buffer_extents.resize(sizes.buffers);
  arena.reset();
  scratch.reset();
  updates.clear();
  first_sample = 0;
  sample_numbers = nullptr;
  gives_loss = nullptr;
  labels = nullptr;
  activity_loss = 0.0;
  samples = batch_samples = batch;
  samples_before = 0;
}

void Workspace::apply_updates() {
  for (const Update& update : updates) update.variable->assign(update.value);
}

}  // namespace xeras
