#pragma once

#include <cstddef>
#include <limits>
#include <new>

#include "xeras/core/shape.hpp"
#include "xeras/core/xtensor_fix.hpp"

// The only header of the library that includes xtensor's containers, which moved into folders in 0.26.
#if __has_include(<xtensor/containers/xarray.hpp>)
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xtensor.hpp>
#endif

namespace xeras {

/// Allocates memory with 64-byte alignment; large blocks align to the system's huge pages. With small pages, each
/// access to a distant row of a large table would cost a page-table walk. Throws Error with the number of bytes.
XERAS_API void* allocate_aligned(std::size_t bytes);
XERAS_API void deallocate_aligned(void* memory, std::size_t bytes);

/// A 64-byte aligned allocator. The library has its own so that Tensor is the same type whatever SIMD macros the
/// including program is compiled with.
template <class T>
class AlignedAllocator {
 public:
  // xtensor 0.24 uses the C++17 allocator members, hence the long list.
  using value_type = T;
  using pointer = T*;
  using const_pointer = const T*;
  using reference = T&;
  using const_reference = const T&;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  template <class U>
  struct rebind {
    using other = AlignedAllocator<U>;
  };

  AlignedAllocator() = default;
  template <class U>
  AlignedAllocator(const AlignedAllocator<U>&) {}

  T* allocate(std::size_t count, const void* = nullptr) {
    constexpr std::size_t everything = std::numeric_limits<std::size_t>::max();
    return static_cast<T*>(allocate_aligned(count > max_size() ? everything : count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) { deallocate_aligned(memory, count * sizeof(T)); }
  std::size_t max_size() const { return std::numeric_limits<std::ptrdiff_t>::max() / sizeof(T); }
  template <class U, class... Args>
  void construct(U* place, Args&&... args) {
    ::new (static_cast<void*>(place)) U(static_cast<Args&&>(args)...);
  }
  template <class U>
  void destroy(U* place) {
    place->~U();
  }

  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
  friend bool operator!=(const AlignedAllocator&, const AlignedAllocator&) { return false; }
};

/// The library's array of floats: a row-major xtensor container. All of xtensor works on it, and it converts to and
/// from xt::xarray<float> and any other expression.
///
///   xeras::Tensor x = xt::ones<float>({2, 3});
///   x = 2.0f * x + 1.0f;
using Tensor = xt::xarray<float, xt::layout_type::row_major, AlignedAllocator<float>>;

/// Returns a tensor of a known shape with uninitialized values.
XERAS_API Tensor empty_tensor(const Shape& shape);

/// Returns the shape of a tensor.
XERAS_API Shape shape_of(const Tensor& tensor);

}  // namespace xeras
