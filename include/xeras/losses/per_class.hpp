#pragma once

#include <initializer_list>
#include <vector>

#include "xeras/core/fields.hpp"

namespace xeras::losses {

/// An option with one number for all classes, or one for each: `.alpha = 0.25` or `.alpha = {0.2, 0.3, 0.5}`.
class PerClass {
 public:
  template <Number N>
  PerClass(N number) : numbers_{static_cast<double>(number)} {}
  PerClass(std::initializer_list<double> numbers) : numbers_(numbers), is_list_(true) {}
  PerClass(std::vector<double> numbers) : numbers_(std::move(numbers)), is_list_(true) {}

  /// Returns false for a single number.
  bool is_list() const { return is_list_; }
  const std::vector<double>& numbers() const { return numbers_; }
  /// Returns the number of class c.
  double operator[](std::size_t c) const { return is_list_ ? numbers_[c] : numbers_[0]; }

 private:
  std::vector<double> numbers_;
  bool is_list_ = false;
};

/// Returns a number or a list.
XERAS_API Value to_value(const PerClass& field);
XERAS_API void from_value(const Value& value, PerClass& field, const std::string& path);

}  // namespace xeras::losses
