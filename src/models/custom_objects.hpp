#pragma once

#include "xeras/models/custom_object.hpp"

namespace xeras {

// While one of these lives, objects of these classes are made from configurations too, in this thread.
class CustomObjectsScope {
 public:
  explicit CustomObjectsScope(const CustomObjects& objects);
  ~CustomObjectsScope();
  CustomObjectsScope(const CustomObjectsScope&) = delete;
  CustomObjectsScope& operator=(const CustomObjectsScope&) = delete;

 private:
  const CustomObjects* before_;
};

// The loss or metric of the user's that a name or {"class_name", "config"} means, or null.
template <class Base>
std::shared_ptr<Base> custom_function(const Value& value, const std::string& path);
extern template std::shared_ptr<losses::Loss> custom_function(const Value&, const std::string&);
extern template std::shared_ptr<metrics::Metric> custom_function(const Value&, const std::string&);

// True when the registry has a row for it.
bool is_layer_of_library(const std::string& class_name);

// FileError unless it is a layer of the library or of the user's.
void require_layer_class(const std::string& class_name, const std::string& path);

}  // namespace xeras
