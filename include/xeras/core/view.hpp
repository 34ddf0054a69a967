#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "xeras/core/extents.hpp"
#include "xeras/core/tensor.hpp"

namespace xeras {

/// Returns the sizes of a tensor of at most max_rank axes.
XERAS_API Extents extents_of(const Tensor& tensor);

/// Throws ShapeError unless an expression of shape `from` can be assigned to an array of shape `to`. With `broadcasts`,
/// `from` may also broadcast to `to`, as for +=.
XERAS_API void require_assignable(std::span<const std::size_t> from, std::span<const std::size_t> to, bool broadcasts);

/// An xtensor expression over borrowed memory. Assigning another one of its shape copies the numbers. (xtensor's own
/// adaptor would silently switch to the other's memory when both have the same type, and would take on another shape.)
template <class Adaptor>
class Elements : public Adaptor {
 public:
  explicit Elements(Adaptor adaptor) : Adaptor(std::move(adaptor)) {}
  Elements(const Elements&) = default;
  Elements(Elements&&) noexcept = default;
  ~Elements() = default;
  Elements& operator=(const Elements& other) {
    require(other, false);
    std::copy_n(other.data(), other.size(), this->data());
    return *this;
  }
  Elements& operator=(Elements&& other) noexcept(false) { return *this = static_cast<const Elements&>(other); }
  template <class Other>
  Elements& operator=(const xt::xexpression<Other>& other) {
    require(other.derived_cast(), false);
    Adaptor::operator=(other);
    return *this;
  }
  template <class Other>
  Elements& operator+=(const Other& other) {
    require(other, true);
    Adaptor::operator+=(other);
    return *this;
  }
  template <class Other>
  Elements& operator-=(const Other& other) {
    require(other, true);
    Adaptor::operator-=(other);
    return *this;
  }
  template <class Other>
  Elements& operator*=(const Other& other) {
    require(other, true);
    Adaptor::operator*=(other);
    return *this;
  }
  template <class Other>
  Elements& operator/=(const Other& other) {
    require(other, true);
    Adaptor::operator/=(other);
    return *this;
  }

 private:
  template <class Other>
  void require(const Other& other, bool broadcasts) const {
    if constexpr (xt::is_xexpression<Other>::value) {
      std::array<std::size_t, Extents::max_rank + 1> from{};  // longer than any view's rank
      const std::size_t axes = std::min(other.dimension(), from.size());
      std::copy_n(other.shape().begin(), axes, from.begin());
      require_assignable({from.data(), axes}, this->shape(), broadcasts);
    }
  }
};

/// A row-major array over borrowed memory. Copying a view copies no numbers.
template <class T>
struct BasicView {
  T* data = nullptr;
  Extents extents;

  std::int64_t size() const { return extents.size(); }
  std::span<T> span() const { return {data, static_cast<std::size_t>(size())}; }

  /// The array as a matrix over its last axis, (all other axes, last): an xtensor expression to read or assign.
  auto matrix() const {
    const auto columns = static_cast<std::size_t>(extents.last());
    const auto count = static_cast<std::size_t>(extents.row_count());
    return Elements(xt::adapt(static_cast<T*>(data), count * columns, xt::no_ownership(),
                              std::array<std::size_t, 2>{count, columns}));
  }
  auto rows() const { return matrix(); }  ///< its older name
  /// The array with a single axis.
  auto flat() const {
    const auto count = static_cast<std::size_t>(size());
    return Elements(xt::adapt(static_cast<T*>(data), count, xt::no_ownership(), std::array<std::size_t, 1>{count}));
  }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

/// A (batch, time) mask, one byte per step: 0 is masked. Null data means no mask: every step counts.
using MaskView = BasicView<const std::uint8_t>;

}  // namespace xeras
