#pragma once

#include "xeras/models/custom_object.hpp"

namespace xeras {

// During its lifetime, this thread also creates objects of these classes from configurations.
class CustomObjectsScope {
 public:
  explicit CustomObjectsScope(const CustomObjects& objects);
  ~CustomObjectsScope();
  CustomObjectsScope(const CustomObjectsScope&) = delete;
  CustomObjectsScope& operator=(const CustomObjectsScope&) = delete;

 private:
  const CustomObjects* before_;
};

// Returns the user-defined loss or metric for a name or {"class_name", "config"}; null if there is none.
template <class Base>
std::shared_ptr<Base> custom_function(const Value& value, const std::string& path);
extern template std::shared_ptr<losses::Loss> custom_function(const Value&, const std::string&);
extern template std::shared_ptr<metrics::Metric> custom_function(const Value&, const std::string&);

bool is_layer_of_library(const std::string& class_name);

// Throws FileError unless it is a layer class of the library or of the user.
void require_layer_class(const std::string& class_name, const std::string& path);

}  // namespace xeras
