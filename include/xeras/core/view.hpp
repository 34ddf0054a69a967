#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "xeras/core/tensor.hpp"

namespace xeras {

/// The sizes of one call's data: a Shape without None and without memory of its own, so that a warm call allocates
/// nothing.
class XERAS_API Extents {
 public:
  static constexpr std::size_t max_rank = 8;

  Extents() = default;
  Extents(std::initializer_list<std::int64_t> dims);

  std::size_t rank() const { return rank_; }
  std::int64_t operator[](std::size_t axis) const { return dims_[axis]; }
  std::int64_t& operator[](std::size_t axis) { return dims_[axis]; }
  std::int64_t last() const { return dims_[rank_ - 1]; }
  void push_back(std::int64_t size);
  std::int64_t size() const;
  /// The product of all axes but the last: the rows of a matrix over the last axis.
  std::int64_t rows() const;
  std::string to_string() const;

  friend bool operator==(const Extents& a, const Extents& b) {
    return std::equal(a.dims_.begin(), a.dims_.begin() + a.rank_, b.dims_.begin(), b.dims_.begin() + b.rank_);
  }

 private:
  std::array<std::int64_t, max_rank> dims_{};
  std::size_t rank_ = 0;
};

/// The sizes of a tensor, which may have max_rank axes at most.
XERAS_API Extents extents_of(const Tensor& tensor);

/// An xtensor expression over memory that belongs to somebody else. Assigning another one to it copies the numbers;
/// xtensor's own would look at the other's memory from then on, silently, where both are of one type.
template <class Adaptor>
class Elements : public Adaptor {
 public:
  explicit Elements(Adaptor adaptor) : Adaptor(std::move(adaptor)) {}
  Elements(const Elements&) = default;
  Elements(Elements&&) noexcept = default;
  ~Elements() = default;
  using Adaptor::operator=;
  Elements& operator=(const Elements& other) {
    if (this->shape() != other.shape()) {
      Adaptor::operator=(+static_cast<const Adaptor&>(other));  // which says what is wrong
    } else {
      std::copy_n(other.data(), other.size(), this->data());
    }
    return *this;
  }
  Elements& operator=(Elements&& other) noexcept(false) { return *this = static_cast<const Elements&>(other); }
};

/// Memory that belongs to somebody else, seen as a row-major array. Copying it copies no numbers.
template <class T>
struct BasicView {
  T* data = nullptr;
  Extents extents;

  std::int64_t size() const { return extents.size(); }
  std::span<T> span() const { return {data, static_cast<std::size_t>(size())}; }

  /// The array as a matrix over its last axis, (all other axes, last): an xtensor expression to read or assign.
  auto rows() const {
    const auto columns = static_cast<std::size_t>(extents.last());
    const auto count = static_cast<std::size_t>(extents.rows());
    return Elements(xt::adapt(static_cast<T*>(data), count * columns, xt::no_ownership(),
                              std::array<std::size_t, 2>{count, columns}));
  }
  /// The array as one axis.
  auto flat() const {
    const auto count = static_cast<std::size_t>(size());
    return Elements(xt::adapt(static_cast<T*>(data), count, xt::no_ownership(), std::array<std::size_t, 1>{count}));
  }
};

using View = BasicView<float>;
using ConstView = BasicView<const float>;

/// A (batch, time) mask, one byte a step: 0 is masked. Null data: there is no mask, every step counts.
using MaskView = BasicView<const std::uint8_t>;

}  // namespace xeras
