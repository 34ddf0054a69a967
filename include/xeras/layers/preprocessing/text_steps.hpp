#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "xeras/core/fields.hpp"

namespace xeras::layers {

/// The first step of TextVectorization: "lower_and_strip_punctuation", "lower", "strip_punctuation", "none" (or
/// nullptr), or a function of one's own, which several threads may call at once.
class XERAS_API Standardize {
 public:
  using Function = std::function<std::string(const std::string& text)>;
  Standardize(const char* name) : name_(name) {}
  Standardize(std::string name) : name_(std::move(name)) {}
  Standardize(std::nullptr_t) : name_("none") {}
  template <class F>
  requires(std::is_invocable_r_v<std::string, F, const std::string&>) Standardize(F function)
      : function_(std::move(function)) {}

  const std::string& name() const { return name_; }  ///< empty for a function
  const Function& function() const { return function_; }

 private:
  std::string name_;
  Function function_;
};

/// The second step: "whitespace", "character", "none" (or nullptr), or a function from a text to its words.
class XERAS_API Split {
 public:
  using Function = std::function<std::vector<std::string>(const std::string& text)>;
  Split(const char* name) : name_(name) {}
  Split(std::string name) : name_(std::move(name)) {}
  Split(std::nullptr_t) : name_("none") {}
  template <class F>
  requires(std::is_invocable_r_v<std::vector<std::string>, F, const std::string&>) Split(F function)
      : function_(std::move(function)) {}

  const std::string& name() const { return name_; }  ///< empty for a function
  const Function& function() const { return function_; }

 private:
  std::string name_;
  Function function_;
};

/// The sizes of n-grams: all up to a number, those of a list, or none.
class XERAS_API NGrams {
 public:
  NGrams() = default;
  NGrams(std::nullptr_t) {}
  template <std::integral I>
  NGrams(I up_to) : up_to_(static_cast<std::int64_t>(up_to)) {}
  template <std::integral I>
  NGrams(std::initializer_list<I> sizes) : sizes_(std::vector<std::int64_t>(sizes.begin(), sizes.end())) {}
  NGrams(std::vector<std::int64_t> sizes) : sizes_(std::move(sizes)) {}

  const std::optional<std::int64_t>& up_to() const { return up_to_; }
  const std::optional<std::vector<std::int64_t>>& sizes() const { return sizes_; }

 private:
  std::optional<std::int64_t> up_to_;
  std::optional<std::vector<std::int64_t>> sizes_;
};

/// Functions have no plain form: to_value throws Error.
XERAS_API Value to_value(const Standardize& field);
XERAS_API void from_value(const Value& value, Standardize& field, const std::string& path);
XERAS_API Value to_value(const Split& field);
XERAS_API void from_value(const Value& value, Split& field, const std::string& path);
XERAS_API Value to_value(const NGrams& field);
XERAS_API void from_value(const Value& value, NGrams& field, const std::string& path);

}  // namespace xeras::layers
