#pragma once

#include <concepts>
#include <optional>

#include "xeras/core/tensor.hpp"
#include "xeras/core/value.hpp"

namespace xeras {

/// An array of numbers of any type that converts to a Tensor.
template <class T>
concept ConvertsToArray = std::convertible_to<T, Tensor> && !std::convertible_to<T, double>;

/// A number, or an array of any shape in its place: the argument of initializers::Constant.
///
///   initializers::Constant(0.1);
///   initializers::Constant(Tensor{{1.0f, 0.0f}, {0.0f, 1.0f}});
class XERAS_API NumberOrArray {
 public:
  NumberOrArray(double number = 0.0) : number_(number) {}
  template <ConvertsToArray Array>
  NumberOrArray(const Array& array) : array_(Tensor(array)) {}

  /// Returns the number, if this is a number.
  double number() const { return number_; }
  /// Returns the array, or null if this is a number.
  const Tensor* array() const { return array_ ? &*array_ : nullptr; }

 private:
  double number_ = 0.0;
  std::optional<Tensor> array_;
};

/// Returns a number, or {"class_name": "__numpy__", "config": {"value": [[...]], "dtype": "float32"}}, which is how
/// Keras writes arrays.
XERAS_API Value to_value(const NumberOrArray& field);
/// Throws FileError if the value is neither a number nor an array, for example lists of unequal length.
XERAS_API void from_value(const Value& value, NumberOrArray& field, const std::string& path);

}  // namespace xeras
