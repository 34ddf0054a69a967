#include "data/packed_batch.hpp"

#include <algorithm>
#include <cstring>
#include <span>

namespace xeras::data {
namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);

std::array<const Input*, 3> arrays_of(const Batch& batch) { return {&batch.x, &batch.y, &batch.sample_weight}; }

std::size_t count_of(const Extents& extents) { return static_cast<std::size_t>(extents.size()); }

std::span<const std::string_view> texts_of(const Input& input) {
  return {static_cast<const std::string_view*>(input.data()), count_of(input.extents())};
}

Input unpacked_texts(const Extents& extents, const std::byte* from, const std::shared_ptr<const std::byte[]>& bytes) {
  struct Owned {
    std::shared_ptr<const std::byte[]> bytes;
    std::vector<std::string_view> texts;
  };
  const auto owned = std::make_shared<Owned>(Owned{bytes, {}});
  const auto* const lengths = reinterpret_cast<const std::size_t*>(from);
  const auto* next = reinterpret_cast<const char*>(lengths + count_of(extents));
  owned->texts.reserve(count_of(extents));
  for (std::size_t i = 0; i < count_of(extents); ++i) {
    owned->texts.emplace_back(next, lengths[i]);
    next += lengths[i];
  }
  return {{owned->texts.data(), extents, ElementKind::string}, owned};
}

}  // namespace

PackedBatch::PackedBatch(const Batch& batch) {
  for (std::size_t i = 0; i < arrays_.size(); ++i) {
    const Input& input = *arrays_of(batch)[i];
    if (!input) continue;
    std::size_t bytes = 0;
    if (input.is_text()) {
      for (const std::string_view text : texts_of(input)) bytes += sizeof(std::size_t) + text.size();
    } else {
      bytes = count_of(input.extents()) * input.element_size();
    }
    arrays_[i] = {true, input.kind(), input.extents(), (bytes + alignment - 1) / alignment * alignment};
  }
}

void PackedBatch::pack(const Batch& batch, std::byte* to) const {
  for (std::size_t i = 0; i < arrays_.size(); ++i) {
    const Input& input = *arrays_of(batch)[i];
    if (!input) continue;
    if (input.is_text()) {
      auto* length = reinterpret_cast<std::size_t*>(to);
      auto* next = reinterpret_cast<char*>(length + count_of(input.extents()));
      for (const std::string_view text : texts_of(input)) {
        *length++ = text.size();
        next = std::copy(text.begin(), text.end(), next);
      }
    } else {
      const std::size_t bytes = count_of(input.extents()) * input.element_size();
      if (bytes > 0) std::memcpy(to, input.data(), bytes);
    }
    to += arrays_[i].bytes;
  }
}

Batch PackedBatch::unpack(std::shared_ptr<const std::byte[]> bytes) const {
  std::array<OwnedInput, 3> inputs;
  const std::byte* from = bytes.get();
  for (std::size_t i = 0; i < arrays_.size(); ++i) {
    const Array& array = arrays_[i];
    if (!array.is_given) continue;
    inputs[i] = array.kind == ElementKind::string ? unpacked_texts(array.extents, from, bytes)
                                                  : Input({from, array.extents, array.kind}, bytes);
    from += array.bytes;
  }
  return {std::move(inputs[0]), std::move(inputs[1]), std::move(inputs[2])};
}

}  // namespace xeras::data
