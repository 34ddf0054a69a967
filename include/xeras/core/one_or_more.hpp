#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <type_traits>
#include <utility>
#include <vector>

namespace xeras {

/// A list argument that also takes a single item without braces: {"mae", "accuracy"} or "accuracy".
template <class T>
class OneOrMore : public std::vector<T> {
 public:
  OneOrMore() = default;
  OneOrMore(std::initializer_list<T> list) : std::vector<T>(list) {}
  OneOrMore(std::vector<T> list) : std::vector<T>(std::move(list)) {}
  template <std::convertible_to<T> One>
  requires(!std::derived_from<std::remove_cvref_t<One>, std::vector<T>> &&
           !std::same_as<std::remove_cvref_t<One>, std::nullptr_t>) OneOrMore(One&& one) {
    this->emplace_back(std::forward<One>(one));
  }
};

}  // namespace xeras
