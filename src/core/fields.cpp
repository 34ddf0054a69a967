#include "xeras/core/fields.hpp"

#include <fmt/format.h>

#include <utility>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras {
namespace {

[[noreturn]] void throw_wrong_kind(const Value& value, const char* expected, const std::string& path) {
  throw FileError(fmt::format("{}: {}; expected {}.", path, shown(value.to_string()), expected));
}

template <class T>
void read(const Value& value, T& field, const char* expected, const std::string& path) {
  const T* found = value.get_if<T>();
  if (found == nullptr) throw_wrong_kind(value, expected, path);
  field = *found;
}

}  // namespace

void FieldWriter::add(const char* name, Value value) { dict_.emplace_back(name, std::move(value)); }

std::string FieldReader::path_of(const char* name) const { return path_ + "." + name; }

Value to_value(const Shape& field) {
  Value::List list;
  for (const Dim dim : field) list.push_back(dim.known() ? Value(dim.size()) : Value());
  return list;
}

void from_value(const Value& value, bool& field, const std::string& path) {
  if (const std::int64_t* whole = value.get_if<std::int64_t>()) {
    field = *whole != 0;  // Python accepts stateful=1
  } else {
    read(value, field, "true or false", path);
  }
}

void from_value(const Value& value, std::int64_t& field, const std::string& path) {
  read(value, field, "an integer", path);
}

void from_value(const Value& value, int& field, const std::string& path) {
  std::int64_t whole = 0;
  from_value(value, whole, path);
  if (!std::in_range<int>(whole)) throw_wrong_kind(value, "an integer of at most 32 bits", path);
  field = static_cast<int>(whole);
}

void from_value(const Value& value, Count& field, const std::string& path) {
  std::int64_t count = 0;
  from_value(value, count, path);
  field = count;
}

void from_value(const Value& value, double& field, const std::string& path) {
  if (const std::int64_t* whole = value.get_if<std::int64_t>()) {
    field = static_cast<double>(*whole);  // JSON writes 1.0 as 1
  } else {
    read(value, field, "a number", path);
  }
}

void from_value(const Value& value, float& field, const std::string& path) {
  double number = 0.0;
  from_value(value, number, path);
  field = static_cast<float>(number);
}

void from_value(const Value& value, std::string& field, const std::string& path) {
  read(value, field, "a string", path);
}

const Value::List& list_in(const Value& value, const std::string& path) {
  const Value::List* list = value.get_if<Value::List>();
  if (list == nullptr) throw_wrong_kind(value, "a list", path);
  return *list;
}

void from_value(const Value& value, Shape& field, const std::string& path) {
  if (value.is_null()) {
    field = Shape();
    return;
  }
  std::vector<Dim> dims;
  for (const Value& item : list_in(value, path)) {
    const std::int64_t* size = item.get_if<std::int64_t>();
    if (!item.is_null() && (size == nullptr || *size < 0)) throw_wrong_kind(value, "a list of sizes", path);
    dims.push_back(size == nullptr ? Dim(None) : Dim(*size));
  }
  field = Shape(std::move(dims));
}

}  // namespace xeras
