#pragma once

#include <bitset>
#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "xeras/core/extents.hpp"
#include "xeras/core/fields.hpp"

namespace xeras {

/// A set of axes: bit i stands for axis i.
using AxisSet = std::bitset<Extents::max_rank>;

/// An option that names axes: `.axis = 1`, `.axis = {0, 1}` or `.axis = None`. The owner of the option defines None.
/// Negative axes count from the end.
class XERAS_API Axes {
 public:
  template <std::integral I>
  requires(!std::same_as<I, bool>) Axes(I axis) : axes_{static_cast<std::int64_t>(axis)} {}
  Axes(std::initializer_list<std::int64_t> axes) : Axes(std::vector<std::int64_t>(axes)) {}
  /// Throws InvalidArgument for an empty list.
  Axes(std::vector<std::int64_t> axes);
  Axes(NoneType) {}

  bool is_none() const { return axes_.empty(); }
  const std::vector<std::int64_t>& axes() const { return axes_; }
  /// Returns the axes of a tensor of this rank, counted from the front; std::nullopt when the tensor lacks one of them.
  std::optional<AxisSet> within(std::size_t rank) const;
  /// Returns "0", "(0, 1)" or "None".
  std::string to_string() const;

  friend bool operator==(const Axes&, const Axes&) = default;

 private:
  std::vector<std::int64_t> axes_;
};

XERAS_API Value to_value(const Axes& field);
XERAS_API void from_value(const Value& value, Axes& field, const std::string& path);

}  // namespace xeras
