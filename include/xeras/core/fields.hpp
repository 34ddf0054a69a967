#pragma once

#include <concepts>
#include <optional>
#include <type_traits>

#include "xeras/core/shape.hpp"
#include "xeras/core/value.hpp"

/// Lists the fields of a struct once, in order, directly after the struct and in its namespace:
///
///   struct ScaleConfig { double start = 1.0; std::string name = {}; bool trainable = true; };
///   XERAS_FIELDS(ScaleConfig, start, name, trainable)
///
/// Configurations, files, equality and copies all read this list. A forgotten field is a compile error, because the
/// structured binding counts the fields.
#define XERAS_FIELDS(Type, ...)                                            \
  template <class Self, class Visit>                                       \
  void visit_fields(::xeras::FieldsOf<Type>*, Self& self, Visit&& visit) { \
    [[maybe_unused]] auto& [__VA_ARGS__] = self;                           \
    XERAS_EXPAND(XERAS_VISIT_EACH(__VA_ARGS__))                            \
  }

#define XERAS_VISIT_EACH(field, ...) \
  visit(#field, self.field);         \
  __VA_OPT__(XERAS_VISIT_AGAIN XERAS_PARENS(__VA_ARGS__))
#define XERAS_VISIT_AGAIN() XERAS_VISIT_EACH
#define XERAS_PARENS ()
// Each level rescans its text four times, which is enough for 256 fields.
#define XERAS_EXPAND(...) XERAS_EXPAND3(XERAS_EXPAND3(XERAS_EXPAND3(XERAS_EXPAND3(__VA_ARGS__))))
#define XERAS_EXPAND3(...) XERAS_EXPAND2(XERAS_EXPAND2(XERAS_EXPAND2(XERAS_EXPAND2(__VA_ARGS__))))
#define XERAS_EXPAND2(...) XERAS_EXPAND1(XERAS_EXPAND1(XERAS_EXPAND1(XERAS_EXPAND1(__VA_ARGS__))))
#define XERAS_EXPAND1(...) __VA_ARGS__

namespace xeras {

/// Selects the visit_fields of a struct. A pointer to it rules out the others without a look at their templates; there
/// are a hundred of them.
template <class T>
struct FieldsOf {};

/// A count in an options struct, such as batch_size. It takes any integer type, so a container's size() fits too.
class Count {
 public:
  template <std::integral I>
  requires(!std::same_as<I, bool>) Count(I value) : value_(static_cast<std::int64_t>(value)) {}
  operator std::int64_t() const { return value_; }

 private:
  std::int64_t value_;
};

/// A field that only the constructor uses; configurations and files omit it.
template <class T>
concept Unwritten = requires {
  typename T::is_unwritten;
};

/// A number type: the first argument of classes that Keras calls with a number, such as L2(1e-3) and Adam(1e-3).
template <class T>
concept Number = (std::integral<T> || std::floating_point<T>)&&!std::same_as<T, bool>;

template <class T>
concept HasFields = requires(FieldsOf<T>* fields, const T& object) {
  visit_fields(fields, object, [](const char*, const auto&) {});
};

// Conversions between each kind of field and plain data. `path` is the place of a value in a file, for messages.
inline Value to_value(bool field) { return field; }
inline Value to_value(std::int64_t field) { return field; }
inline Value to_value(int field) { return std::int64_t{field}; }
inline Value to_value(Count field) { return std::int64_t{field}; }
inline Value to_value(double field) { return field; }
inline Value to_value(float field) { return double{field}; }
inline Value to_value(const std::string& field) { return field; }
XERAS_API Value to_value(const Shape& field);

XERAS_API void from_value(const Value& value, bool& field, const std::string& path);
XERAS_API void from_value(const Value& value, std::int64_t& field, const std::string& path);
XERAS_API void from_value(const Value& value, int& field, const std::string& path);
XERAS_API void from_value(const Value& value, Count& field, const std::string& path);
XERAS_API void from_value(const Value& value, double& field, const std::string& path);
XERAS_API void from_value(const Value& value, float& field, const std::string& path);
XERAS_API void from_value(const Value& value, std::string& field, const std::string& path);
XERAS_API void from_value(const Value& value, Shape& field, const std::string& path);
/// Returns the list in a value. Throws FileError if the value is not a list.
XERAS_API const Value::List& list_in(const Value& value, const std::string& path);

template <class T>
Value to_value(const std::optional<T>& field) {
  return field ? to_value(*field) : Value();
}
template <class T>
void from_value(const Value& value, std::optional<T>& field, const std::string& path) {
  if (value.is_null()) return field.reset();
  from_value(value, field.emplace(), path);
}

template <class T>
Value to_value(const std::vector<T>& field) {
  Value::List list;
  for (const T& item : field) list.push_back(to_value(item));
  return list;
}
template <class T>
void from_value(const Value& value, std::vector<T>& field, const std::string& path) {
  field.clear();
  for (const Value& item : list_in(value, path)) {
    const std::string place = path + "[" + std::to_string(field.size()) + "]";
    from_value(item, field.emplace_back(), place);
  }
}

/// A type that a field of an options struct may have. Your own struct needs XERAS_FIELDS or both functions.
template <class F>
concept IsField = HasFields<F> || requires(const F& field, F& to, const Value& value, const std::string& path) {
  to_value(field);
  from_value(value, to, path);
};

template <HasFields T>
Value to_value(const T& object);
template <HasFields T>
void from_value(const Value& value, T& object, const std::string& path);

// The visitors of to_value and from_value. They are named classes, because each struct would compile a lambda of its
// own for every type of field.
class FieldWriter {
 public:
  template <class T>
  static Value dict_of(const T& object) {
    FieldWriter writer;
    visit_fields(static_cast<FieldsOf<T>*>(nullptr), object, writer);
    return std::move(writer.dict_);
  }

  template <class F>
  void operator()([[maybe_unused]] const char* name, [[maybe_unused]] const F& field) {
    static_assert(IsField<F> || Unwritten<F>,
                  "xeras: a field of XERAS_FIELDS has an unsupported type; use bool, int, std::int64_t, double, "
                  "std::string, Shape, std::optional or std::vector of these, or a struct with XERAS_FIELDS");
    if constexpr (Unwritten<F>) {
      return;
    } else if constexpr (HasFields<F>) {
      visit_fields(static_cast<FieldsOf<F>*>(nullptr), field, *this);
    } else if constexpr (IsField<F>) {
      add(name, to_value(field));
    }
  }

 private:
  XERAS_API void add(const char* name, Value value);

  Value::Dict dict_;
};

class FieldReader {
 public:
  FieldReader(const Value& value, const std::string& path) : value_(value), path_(path) {}

  template <class F>
  void operator()(const char* name, F& field) {
    if constexpr (Unwritten<F>) {
      return;
    } else if constexpr (HasFields<F>) {
      visit_fields(static_cast<FieldsOf<F>*>(nullptr), field, *this);
    } else if constexpr (IsField<F>) {  // the static_assert of FieldWriter reports other types
      if (const Value* entry = value_.find(name)) from_value(*entry, field, path_of(name));
    }
  }

 private:
  XERAS_API std::string path_of(const char* name) const;

  const Value& value_;
  const std::string& path_;
};

/// Converts a struct to a dictionary of its fields. The fields of a nested struct, such as a last field `options`, join
/// the same dictionary, because a Keras layer has one list of arguments.
template <HasFields T>
Value to_value(const T& object) {
  return FieldWriter::dict_of(object);
}

/// Reads the fields that the dictionary has; the others keep their values. Throws FileError for a value of the wrong
/// kind.
template <HasFields T>
void from_value(const Value& value, T& object, const std::string& path) {
  FieldReader reader(value, path);
  visit_fields(static_cast<FieldsOf<T>*>(nullptr), object, reader);
}

}  // namespace xeras
