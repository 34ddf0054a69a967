#include "xeras/losses/per_class.hpp"

namespace xeras::losses {

Value to_value(const PerClass& field) {
  if (!field.is_list()) return field.numbers()[0];
  return xeras::to_value<double>(field.numbers());
}

void from_value(const Value& value, PerClass& field, const std::string& path) {
  if (value.get_if<Value::List>() != nullptr) {
    std::vector<double> numbers;
    xeras::from_value(value, numbers, path);
    field = PerClass(std::move(numbers));
  } else {
    double number = 0.0;
    xeras::from_value(value, number, path);
    field = number;
  }
}

}  // namespace xeras::losses
