#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras {

/// A configuration as plain data, as get_config() returns it and files store it: null, a bool, an integer, a float, a
/// string, a list, or a dictionary that keeps its order.
///
///   const Value config = layer.get_config();
///   std::cout << config.to_string();  // {"units": 64, "activation": "relu", ...}
class XERAS_API Value {
 public:
  using List = std::vector<Value>;
  using Dict = std::vector<std::pair<std::string, Value>>;

  Value();
  Value(bool value);
  Value(std::int64_t value);
  Value(double value);
  Value(std::string value);
  Value(const char* value);
  Value(List value);
  Value(Dict value);
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  template <class T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  template <class T>
  T* get_if() {
    return std::get_if<T>(&data_);
  }
  /// Returns the entry for a key; null if this is not a dictionary or lacks the key.
  const Value* find(std::string_view key) const;
  /// Returns one line of JSON.
  std::string to_string() const;

  friend bool operator==(const Value&, const Value&);

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, List, Dict> data_;
};

/// Returns the name of a class without namespaces, such as "Dense". Files and automatic layer names use it.
XERAS_API std::string class_name_of(const std::type_info& type);

}  // namespace xeras
