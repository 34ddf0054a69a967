#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "xeras/core/any_view.hpp"

namespace xeras {

/// A string of any type.
template <class T>
concept Text = std::convertible_to<const T&, std::string_view>;

/// The data that predict, fit, evaluate, losses and metrics take. Numbers are integers or floats of any common width,
/// from a row-major xtensor expression (a container, a view, a lazy generator), a std::vector or brace lists, nested
/// one to three deep. Texts come from a std::vector or brace lists. A contiguous container that outlives the call is
/// borrowed; everything else is evaluated once and owned.
///
///   model.predict({{4, 2, 7}, {1, 1, 3}});        // two rows of three ids
///   model.predict(xt::random::rand<float>({8, 10}));
class XERAS_API Input {
 public:
  using Kind = ElementKind;

  /// No data: the default of optional arguments such as `.sample_weight`.
  Input() = default;

  template <class T>
  requires std::is_arithmetic_v<T> Input(std::initializer_list<T> list) {
    Gather<T> gather(*this, {list.size()});
    gather.append(list);
  }
  template <class T>
  requires std::is_arithmetic_v<T> Input(std::initializer_list<std::initializer_list<T>> list) { gather_rows<T>(list); }
  template <class T>
  requires std::is_arithmetic_v<T> Input(std::initializer_list<std::initializer_list<std::initializer_list<T>>> list) {
    gather_matrices<T>(list);
  }
  template <class E>
  requires xt::is_xexpression<std::remove_cvref_t<E>>::value Input(E&& expression) {
    using Expression = std::remove_cvref_t<E>;
    using T = std::remove_cvref_t<typename Expression::value_type>;
    set_shape(expression.shape().begin(), expression.shape().end());
    if constexpr (std::is_lvalue_reference_v<E> &&
                  requires {
                    expression.data();
                    expression.layout();
                  } &&
                  Expression::static_layout == xt::layout_type::row_major) {
      kind_ = kind_of<T>();
      data_ = expression.data() + expression.data_offset();
    } else {
      own<T>(expression.template begin<xt::layout_type::row_major>(),
             expression.template end<xt::layout_type::row_major>());
    }
  }

  /// One axis, such as labels. A vector that outlives the call is borrowed.
  template <class T>
  requires(std::is_arithmetic_v<T> && !std::same_as<T, bool>) Input(const std::vector<T>& vector)
      : data_(vector.data()), kind_(kind_of<T>()) {
    const std::size_t size = vector.size();
    set_shape(&size, &size + 1);
  }
  template <class T>
  requires(std::is_arithmetic_v<T> && !std::same_as<T, bool>) Input(std::vector<T>&& vector) {
    const auto owned = std::make_shared<const std::vector<T>>(std::move(vector));
    *this = Input(*owned);
    owned_ = owned;
    owns_ = true;
  }

  /// Rows of equal length, copied.
  template <class T>
  requires std::is_arithmetic_v<T> Input(const std::vector<std::vector<T>>& rows) { gather_rows<T>(rows); }
  template <class T>
  requires std::is_arithmetic_v<T> Input(const std::vector<std::vector<std::vector<T>>>& matrices) {
    gather_matrices<T>(matrices);
  }
  Input(const std::vector<bool>& vector) {
    Gather<bool> gather(*this, {vector.size()});
    gather.append(vector);
  }

  /// Texts. A vector of std::string_view that outlives the call is borrowed, and so are the characters of a vector of
  /// std::string.
  Input(const std::vector<std::string_view>& texts);
  Input(const std::vector<std::string>& texts);
  Input(std::vector<std::string>&& texts);
  template <Text T>
  Input(std::initializer_list<T> texts) : Input(std::vector<std::string>(texts.begin(), texts.end())) {}
  /// Rows of texts of equal length, copied.
  Input(const std::vector<std::vector<std::string>>& rows);
  template <Text T>
  Input(std::initializer_list<std::initializer_list<T>> rows)
      : Input([&] {
          std::vector<std::vector<std::string>> all;
          for (const auto& row : rows) all.emplace_back(row.begin(), row.end());
          return all;
        }()) {}

  /// An array in memory that `owner` keeps; null if it outlives the call.
  Input(const AnyView& array, std::shared_ptr<const void> owner);

  /// False for Input(), which has no data.
  explicit operator bool() const { return kind_given_; }
  const Extents& extents() const { return extents_; }
  std::int64_t length() const { return extents_.rank() == 0 ? 0 : extents_[0]; }
  Kind kind() const { return kind_; }
  bool is_floating() const { return kind_ == Kind::f32 || kind_ == Kind::f64; }
  bool is_text() const { return kind_ == Kind::string; }
  std::size_t element_size() const;
  const void* data() const { return data_; }

  /// Copies elements [first, first + count) of the row-major array as floats. Throws InvalidInput for texts.
  void copy_floats(std::int64_t first, std::int64_t count, float* to) const;
  /// Returns the whole array as floats. Throws InvalidInput for texts.
  Tensor to_tensor() const;
  /// Returns the samples [first, first + count), which share the data.
  Input samples(std::int64_t first, std::int64_t count) const;
  /// Returns a copy of the samples at these positions, as an array of shape `leading` + that of a sample. The product
  /// of `leading` is the number of positions.
  Input gather(std::span<const std::int64_t> positions, const Extents& leading) const;
  /// Returns the same array, copied if it is borrowed.
  Input owned() const;

 private:
  template <class T>
  static constexpr Kind kind_of() {
    static_assert(std::is_arithmetic_v<T> && sizeof(T) <= 8, "xeras::Input takes integers and floats of up to 64 bits");
    if constexpr (std::is_floating_point_v<T>) {
      return sizeof(T) == 4 ? Kind::f32 : Kind::f64;
    } else {
      constexpr Kind kinds[2][4] = {{Kind::u8, Kind::u16, Kind::u32, Kind::u64},
                                    {Kind::i8, Kind::i16, Kind::i32, Kind::i64}};
      return kinds[std::is_signed_v<T>][sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3];
    }
  }

  template <class Iterator>
  void set_shape(Iterator begin, Iterator end) {
    kind_given_ = true;
    for (; begin != end; ++begin) add_axis(static_cast<std::int64_t>(*begin));
  }
  void add_axis(std::int64_t size);

  template <class T>
  static std::shared_ptr<T[]> memory(std::int64_t count) {
    const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(T);
    return {static_cast<T*>(allocate_aligned(bytes)), [bytes](T* values) { deallocate_aligned(values, bytes); }};
  }

  // Copies the elements into a plain array, because a std::vector<bool> has no data().
  template <class T, class Iterator>
  void own(Iterator begin, Iterator end) {
    kind_ = kind_of<T>();
    std::shared_ptr<T[]> values = memory<T>(extents_.size());
    std::copy(begin, end, values.get());
    data_ = values.get();
    owned_ = std::move(values);
    owns_ = true;
  }

  template <class List>
  static std::size_t width(const List& list) {
    return list.size() == 0 ? 0 : list.begin()->size();
  }

  template <class T>
  void gather_rows(const auto& list) {
    Gather<T> gather(*this, {list.size(), width(list)});
    for (const auto& row : list) gather.append(row);
  }
  template <class T>
  void gather_matrices(const auto& list) {
    const std::size_t rows = width(list);
    Gather<T> gather(*this, {list.size(), rows, rows == 0 ? 0 : list.begin()->begin()->size()});
    for (const auto& matrix : list) {
      gather.expect(rows, matrix.size());
      for (const auto& row : matrix) gather.append(row);
    }
  }

  // Collects nested lists into one owned array; throws InvalidInput for ragged lists.
  template <class T>
  class Gather {
   public:
    Gather(Input& input, std::initializer_list<std::size_t> shape) : width_(*(shape.end() - 1)) {
      input.set_shape(shape.begin(), shape.end());
      input.kind_ = kind_of<T>();
      std::shared_ptr<T[]> values = memory<T>(input.extents_.size());
      next_ = values.get();
      input.data_ = values.get();
      input.owned_ = std::move(values);
      input.owns_ = true;
    }
    void append(const auto& row) {
      expect(width_, row.size());
      next_ = std::copy(row.begin(), row.end(), next_);
    }
    void expect(std::size_t expected, std::size_t size) const {
      if (size != expected) throw_ragged(size, expected);
    }

   private:
    std::size_t width_;
    T* next_;
  };
  [[noreturn]] static void throw_ragged(std::size_t size, std::size_t expected, bool texts = false);

  const void* data_ = nullptr;
  std::shared_ptr<const void> owned_;
  Extents extents_;
  Kind kind_ = Kind::f32;
  bool kind_given_ = false;
  bool owns_ = false;  // all of the data; texts may own the views and borrow the characters
};

/// An Input that owns its data: it copies what an Input would borrow, so that it may outlive its source.
class XERAS_API OwnedInput : public Input {
 public:
  OwnedInput() = default;
  template <class T>
  requires(!std::derived_from<std::remove_cvref_t<T>, OwnedInput> && std::constructible_from<Input, T>)
      OwnedInput(T&& data)
      : Input(Input(std::forward<T>(data)).owned()) {}
  template <class T>
  requires std::constructible_from<Input, std::initializer_list<T>> OwnedInput(std::initializer_list<T> list)
      : Input(list) {}
  template <class T>
  requires std::constructible_from<Input, std::initializer_list<std::initializer_list<T>>> OwnedInput(
      std::initializer_list<std::initializer_list<T>> list)
      : Input(list) {}
  template <class T>
  requires std::is_arithmetic_v<T> OwnedInput(
      std::initializer_list<std::initializer_list<std::initializer_list<T>>> list)
      : Input(list) {}
};

}  // namespace xeras
