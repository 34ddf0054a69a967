#include "core/wrong_shape.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace xeras {
namespace {

std::string shown_shape(std::span<const std::size_t> shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string description(std::span<const std::size_t> from, std::span<const std::size_t> to, bool broadcasts) {
  return fmt::format(
      "an array of shape {} is set by an expression of shape {}; expected {}. matrix() is a matrix over the last axis, "
      "flat() has one axis.",
      shown_shape(to), shown_shape(from), broadcasts ? "one that broadcasts to its shape" : "one of the same shape");
}

}  // namespace

WrongShape::WrongShape(std::span<const std::size_t> from, std::span<const std::size_t> to, bool broadcasts)
    : ShapeError("View: " + description(from, to, broadcasts)), what_(description(from, to, broadcasts)) {}

ShapeError WrongShape::as(const std::string& who) const { return ShapeError(who + ": " + what_); }

}  // namespace xeras
