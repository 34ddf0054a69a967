#pragma once

#include <array>
#include <cstddef>

#include "xeras/data/dataset.hpp"

namespace xeras::data {

// The form of a batch in bytes that one process gives to another: for each of x, y and sample_weight, the array; texts
// as their lengths, and then their characters.
class PackedBatch {
 public:
  PackedBatch() = default;
  explicit PackedBatch(const Batch& batch);

  bool has_x() const { return arrays_[0].is_given; }
  std::size_t bytes() const { return arrays_[0].bytes + arrays_[1].bytes + arrays_[2].bytes; }
  // Writes the batch that this is the form of.
  void pack(const Batch& batch, std::byte* to) const;
  // Returns the batch, which shares the bytes that pack wrote.
  Batch unpack(std::shared_ptr<const std::byte[]> bytes) const;

 private:
  struct Array {
    bool is_given = false;
    ElementKind kind = ElementKind::f32;
    Extents extents;
    std::size_t bytes = 0;  // a multiple of the alignment
  };
  std::array<Array, 3> arrays_;
};

}  // namespace xeras::data
