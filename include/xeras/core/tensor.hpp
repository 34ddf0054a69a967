#pragma once

#include <cstddef>
#include <limits>
#include <new>

#include "xeras/core/shape.hpp"
#include "xeras/core/xtensor_fix.hpp"

// The one header of the library that names xtensor's containers, which moved into folders in 0.26.
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

/// Memory at 64 bytes, or where there is much of it at the huge pages of the system: rows that lie far apart in a table
/// of many small pages cost a walk through the page tables each. Throws Error, which says how much was asked for.
XERAS_API void* allocate_aligned(std::size_t bytes);
XERAS_API void deallocate_aligned(void* memory, std::size_t bytes);

/// 64-byte aligned memory. Of a type of our own, so that a Tensor is one and the same type whatever SIMD macros the
/// program that includes this was compiled with.
template <class T>
class AlignedAllocator {
 public:
  // The long list is for xtensor 0.24, which uses the allocator's members of C++17.
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

/// The library's array of floats: an xtensor container, row-major. Everything xtensor does works on it, and it converts
/// to and from xt::xarray<float> and any other expression.
using Tensor = xt::xarray<float, xt::layout_type::row_major, AlignedAllocator<float>>;

/// A tensor of a known shape, its values not set.
XERAS_API Tensor empty_tensor(const Shape& shape);

/// The shape of a tensor: all its axes, all known.
XERAS_API Shape shape_of(const Tensor& tensor);

}  // namespace xeras
