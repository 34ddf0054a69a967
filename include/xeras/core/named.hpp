#pragma once

#include <concepts>
#include <memory>
#include <string>
#include <string_view>
#include <typeinfo>

#include "xeras/core/fields.hpp"

namespace xeras {

/// Throws InvalidArgument, in the name of a family, for a null pointer to an object.
[[noreturn]] XERAS_API void throw_null(const std::type_info& family);

/// An argument that is a name or an object, as everywhere in Keras: "l2", regularizers::L2(1e-4), a std::shared_ptr to
/// an object (to inspect it later), or nullptr for none. Throws InvalidArgument for an unknown name and for a null
/// std::shared_ptr.
///
///   Dense(64, {.kernel_regularizer = "l2"});
///   Dense(64, {.kernel_regularizer = regularizers::L2(1e-4)});
template <class Base>
class XERAS_API Named {
 public:
  Named(std::nullptr_t = nullptr);
  Named(const char* name);
  Named(const std::string& name);
  Named(const Named&);
  Named(Named&&) noexcept;
  Named& operator=(const Named&);
  Named& operator=(Named&&) noexcept;
  ~Named();
  template <std::derived_from<Base> Derived>
  Named(Derived object) : object_(std::make_shared<Derived>(std::move(object))) {}
  template <std::derived_from<Base> Derived>
  Named(std::shared_ptr<Derived> object) : object_(std::move(object)) {
    if (!object_) throw_null(typeid(Base));
  }

  explicit operator bool() const { return object_ != nullptr; }
  Base& operator*() const { return *object_; }
  Base* operator->() const { return object_.get(); }
  const std::shared_ptr<Base>& pointer() const { return object_; }
  /// The name that the user gave, which files keep; empty for an object.
  const std::string& spelling() const { return spelling_; }

  /// Calls the object: initializers::get("orthogonal")({64, 64}), losses::get("mse")(y_true, y_pred).
  template <class B = Base>
  auto operator()(const typename B::Argument& argument) const {
    return object()(argument);
  }
  template <class B = Base>
  auto operator()(const typename B::Argument& first, const typename B::Argument& second) const {
    return object()(first, second);
  }

 private:
  Base& object() const {
    if (!object_) throw_null(typeid(Base));
    return *object_;
  }

  std::shared_ptr<Base> object_;
  std::string spelling_;
};

// These are outside the class so that the `extern template` of each family keeps user programs from compiling them
// again.
template <class Base>
Named<Base>::Named(std::nullptr_t) {}
template <class Base>
Named<Base>::Named(const char* name) {
  if (name == nullptr) throw_null(typeid(Base));
  *this = Named(std::string(name));
}
template <class Base>
Named<Base>::Named(const std::string& name) : object_(Base::from_name(name)), spelling_(name) {}
template <class Base>
Named<Base>::Named(const Named&) = default;
template <class Base>
Named<Base>::Named(Named&&) noexcept = default;
template <class Base>
Named<Base>& Named<Base>::operator=(const Named&) = default;
template <class Base>
Named<Base>& Named<Base>::operator=(Named&&) noexcept = default;
template <class Base>
Named<Base>::~Named() = default;

/// The base class of each family (initializers, losses, ...): a class name and a configuration.
class XERAS_API Configurable {
 public:
  virtual ~Configurable() = default;
  /// Returns the class's own name, such as "GlorotUniform".
  std::string class_name() const { return class_name_of(typeid(*this)); }
  /// Returns the constructor's arguments by name.
  virtual Value get_config() const = 0;

 protected:
  Configurable() = default;
  Configurable(const Configurable&) = default;
  Configurable& operator=(const Configurable&) = default;
};

/// A member of a family whose arguments form the struct Config (see XERAS_FIELDS).
template <class Base, class Config_>
class Configured : public Base {
 public:
  using Config = Config_;
  Configured() = default;
  explicit Configured(Config config) : config_(std::move(config)) {}

  const Config& config() const { return config_; }
  Value get_config() const override { return FieldWriter::dict_of(config_); }

 private:
  Config config_;
};

/// The Config of members that take no arguments.
struct NoOptions {};
template <class Self, class Visit>
void visit_fields(FieldsOf<NoOptions>*, Self&, Visit&&) {}

template <class Base>
Value to_value(const Named<Base>& field) {
  if (!field) return {};
  return Value::Dict{{"class_name", field->class_name()}, {"config", field->get_config()}};
}
template <class Base>
void from_value(const Value& value, Named<Base>& field, const std::string& path) {
  if (value.is_null()) {
    field = Named<Base>();
  } else if (const std::string* name = value.get_if<std::string>()) {
    field = Named<Base>(*name);
  } else {
    field = Named<Base>(Base::from_config(value, path));
  }
}

}  // namespace xeras
