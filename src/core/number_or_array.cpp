#include "xeras/core/number_or_array.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/fields.hpp"
#include "xeras/core/view.hpp"

namespace xeras {
namespace {

Value list_of(const float*& next, const Shape& shape, std::size_t axis) {
  if (axis == shape.rank()) return static_cast<double>(*next++);
  Value::List list;
  for (std::int64_t i = 0; i < shape[axis].size(); ++i) list.push_back(list_of(next, shape, axis + 1));
  return list;
}

// Reads nested lists of numbers in row-major order.
class ArrayReader {
 public:
  explicit ArrayReader(const Value& array) {
    for (const Value* inner = &array; is_array_ && inner != nullptr;) {
      const auto* list = inner->get_if<Value::List>();
      if (list == nullptr) break;
      sizes_.push_back(static_cast<std::int64_t>(list->size()));
      is_array_ = sizes_.size() <= Extents::max_rank;
      inner = list->empty() ? nullptr : &list->front();
    }
    if (is_array_) read(array, 0);
  }

  std::optional<Tensor> result() const {
    if (!is_array_) return {};
    Tensor tensor = empty_tensor(Shape(std::vector<Dim>(sizes_.begin(), sizes_.end())));
    std::copy(values_.begin(), values_.end(), tensor.data());
    return tensor;
  }

 private:
  void read(const Value& value, std::size_t axis) {
    if (axis < sizes_.size()) {
      const auto* list = value.get_if<Value::List>();
      is_array_ = is_array_ && list != nullptr && static_cast<std::int64_t>(list->size()) == sizes_[axis];
      for (std::size_t i = 0; is_array_ && i < list->size(); ++i) read((*list)[i], axis + 1);
    } else if (const auto* whole = value.get_if<std::int64_t>()) {
      values_.push_back(static_cast<float>(*whole));
    } else if (const auto* number = value.get_if<double>()) {
      values_.push_back(static_cast<float>(*number));
    } else {
      is_array_ = false;
    }
  }

  std::vector<std::int64_t> sizes_;
  std::vector<float> values_;
  bool is_array_ = true;
};

}  // namespace

Value to_value(const NumberOrArray& field) {
  if (field.array() == nullptr) return field.number();
  const float* next = field.array()->data();
  return Value::Dict{
      {"class_name", "__numpy__"},
      {"config", Value::Dict{{"value", list_of(next, shape_of(*field.array()), 0)}, {"dtype", "float32"}}}};
}

void from_value(const Value& value, NumberOrArray& field, const std::string& path) {
  const Value* config = value.find("config");
  const Value* numbers = config != nullptr ? config->find("value") : nullptr;
  const Value& given = numbers != nullptr ? *numbers : value;
  if (given.get_if<Value::List>() == nullptr) {
    double number = 0.0;
    from_value(given, number, path);
    field = number;
    return;
  }
  const std::optional<Tensor> array = ArrayReader(given).result();
  if (!array) {
    throw FileError(fmt::format("{}: {}; expected a number or an array: lists of equal length, of at most {} axes.",
                                path, shown(given.to_string()), Extents::max_rank));
  }
  field = NumberOrArray(*array);
}

}  // namespace xeras
