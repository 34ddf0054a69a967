#include "xeras/core/tensor.hpp"

#include "core/memory.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace xeras {
namespace {

// More than any system can provide.
constexpr std::size_t most_bytes = std::size_t{1} << 47;
constexpr std::size_t huge_page = std::size_t{1} << 21;

std::align_val_t alignment_of(std::size_t bytes) { return std::align_val_t{bytes >= 2 * huge_page ? huge_page : 64}; }

}  // namespace

void* allocate_aligned(std::size_t bytes) {
  const std::align_val_t alignment = alignment_of(bytes);
  void* memory = nullptr;
  try {
    if (bytes <= most_bytes) memory = ::operator new(bytes, alignment);
  } catch (const std::bad_alloc&) {  // it lacks the number of bytes
  }
  if (memory == nullptr) throw OutOfMemory("Tensor", bytes);
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  // This is only a hint: without it, or without free huge pages, the pages are small.
  if (alignment == std::align_val_t{huge_page}) madvise(memory, bytes / huge_page * huge_page, MADV_HUGEPAGE);
#endif
  return memory;
}

void deallocate_aligned(void* memory, std::size_t bytes) { ::operator delete(memory, alignment_of(bytes)); }

Tensor empty_tensor(const Shape& shape) {
  Tensor::shape_type dims(shape.rank());
  for (std::size_t axis = 0; axis < shape.rank(); ++axis) dims[axis] = static_cast<std::size_t>(shape[axis].size());
  return Tensor::from_shape(dims);
}

Shape shape_of(const Tensor& tensor) { return Shape(std::vector<Dim>(tensor.shape().begin(), tensor.shape().end())); }

}  // namespace xeras
