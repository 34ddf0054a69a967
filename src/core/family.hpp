#pragma once

#include <fmt/format.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/named.hpp"

namespace xeras {

// One member of a family: its class, the names that strings may use for it (lists show the first), and a function that
// makes it from a configuration. Each family has a table of these rows in its own source.
template <class Base>
struct FamilyRow {
  std::string class_name;
  std::vector<std::string> names;
  std::shared_ptr<Base> (*make)(const Value& config, const std::string& path);
};

template <class Base, class Derived>
FamilyRow<Base> family_row(std::vector<std::string> names) {
  return {class_name_of(typeid(Derived)), std::move(names), [](const Value& value, const std::string& path) {
            typename Derived::Config config{};
            from_value(value, config, path);
            return std::shared_ptr<Base>(std::make_shared<Derived>(std::move(config)));
          }};
}

// Returns the member with this name or class name, with its default arguments.
template <class Base>
std::shared_ptr<Base> make_by_name(std::string_view kind, std::span<const FamilyRow<Base>> family,
                                   std::string_view name) {
  std::vector<std::string> known;
  for (const FamilyRow<Base>& row : family) {
    if (row.class_name == name) return row.make({}, std::string(name));
    for (const std::string& alias : row.names) {
      if (alias == name) return row.make({}, std::string(name));
      known.push_back(alias);
    }
  }
  throw InvalidArgument(unknown_name(kind, name, known));
}

// Returns the member that a file describes: a bare name, or {"class_name": ..., "config": {...}}.
template <class Base>
std::shared_ptr<Base> make_from_value(std::string_view kind, std::span<const FamilyRow<Base>> family,
                                      const Value& value, const std::string& path) {
  if (const std::string* name = value.get_if<std::string>()) return make_by_name(kind, family, *name);
  const Value* class_value = value.find("class_name");
  const std::string* class_name = class_value != nullptr ? class_value->get_if<std::string>() : nullptr;
  if (class_name == nullptr) {
    throw FileError(
        fmt::format("{}: {}; expected the {}'s class_name and config.", path, shown(value.to_string()), kind));
  }
  for (const FamilyRow<Base>& row : family) {
    if (row.class_name == *class_name) {
      const Value* config = value.find("config");
      return row.make(config != nullptr ? *config : Value(), path + ".config");
    }
  }
  return make_by_name(kind, family, *class_name);
}

}  // namespace xeras
