#include "xeras/layers/steps.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// Returns `count` integers from a list, or from one integer that is used for all of them.
std::vector<std::int64_t> integers(const Value& value, std::size_t count, const char* expected,
                                   const std::string& path) {
  if (const std::int64_t* one = value.get_if<std::int64_t>()) return std::vector<std::int64_t>(count, *one);
  std::vector<std::int64_t> all;
  if (const Value::List* list = value.get_if<Value::List>()) {
    for (const Value& item : *list) {
      if (const std::int64_t* one = item.get_if<std::int64_t>()) all.push_back(*one);
    }
    if (all.size() == count && list->size() == count) return all;
  }
  throw FileError(fmt::format("{}: {}; expected {}.", path, value.to_string(), expected));
}

}  // namespace

Value to_value(Steps field) { return Value::List{std::int64_t{field}}; }

Value to_value(const BothEnds& field) { return Value::List{field.before(), field.after()}; }

void from_value(const Value& value, Steps& field, const std::string& path) {
  field = integers(value, 1, "an integer or a list of one", path)[0];
}

void from_value(const Value& value, BothEnds& field, const std::string& path) {
  const std::vector<std::int64_t> ends = integers(value, 2, "an integer or a list of two", path);
  field = {ends[0], ends[1]};
}

}  // namespace xeras::layers
