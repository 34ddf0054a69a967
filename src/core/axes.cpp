#include "xeras/core/axes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "xeras/core/error.hpp"

namespace xeras {

Axes::Axes(std::vector<std::int64_t> axes) : axes_(std::move(axes)) {
  if (axes_.empty()) throw InvalidArgument("axis: an empty list; expected axes such as 0 or {0, 1}, or None.");
}

std::optional<AxisSet> Axes::within(std::size_t rank) const {
  AxisSet set;
  for (std::int64_t axis : axes_) {
    if (axis < 0) axis += static_cast<std::int64_t>(rank);
    if (axis < 0 || axis >= static_cast<std::int64_t>(rank)) return std::nullopt;
    set.set(static_cast<std::size_t>(axis));
  }
  return set;
}

std::string Axes::to_string() const {
  if (is_none()) return "None";
  if (axes_.size() == 1) return std::to_string(axes_[0]);
  return fmt::format("({})", fmt::join(axes_, ", "));
}

Value to_value(const Axes& field) {
  if (field.is_none()) return {};
  if (field.axes().size() == 1) return field.axes()[0];
  return to_value<std::int64_t>(field.axes());  // names the type: Axes(vector) would make this call recurse
}

void from_value(const Value& value, Axes& field, const std::string& path) {
  if (value.is_null()) {
    field = None;
    return;
  }
  std::vector<std::int64_t> axes;
  if (const Value::List* list = value.get_if<Value::List>()) {
    for (const Value& item : *list) from_value(item, axes.emplace_back(), path);
  } else {
    from_value(value, axes.emplace_back(), path);
  }
  field = Axes(std::move(axes));
}

}  // namespace xeras
