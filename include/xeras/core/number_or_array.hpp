#pragma once

#include <concepts>
#include <optional>

#include "xeras/core/tensor.hpp"
#include "xeras/core/value.hpp"

namespace xeras {

/// An array of numbers, of any type that converts to a Tensor.
template <class T>
concept ConvertsToArray = std::convertible_to<T, Tensor> && !std::convertible_to<T, double>;

/// A number, or an array of any shape that stands for one: the argument of initializers::Constant.
class XERAS_API NumberOrArray {
 public:
  NumberOrArray(double number = 0.0) : number_(number) {}
  template <ConvertsToArray Array>
  NumberOrArray(const Array& array) : array_(Tensor(array)) {}

  /// The number, where it is one.
  double number() const { return number_; }
  /// The array, or null.
  const Tensor* array() const { return array_ ? &*array_ : nullptr; }

 private:
  double number_ = 0.0;
  std::optional<Tensor> array_;
};

/// A number, or {"class_name": "__numpy__", "config": {"value": [[...]], "dtype": "float32"}} as Keras writes arrays.
XERAS_API Value to_value(const NumberOrArray& field);
/// Throws FileError for what is neither, such as lists that differ in length.
XERAS_API void from_value(const Value& value, NumberOrArray& field, const std::string& path);

}  // namespace xeras
