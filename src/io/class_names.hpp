#pragma once

#include <string>

namespace xeras::io {

// Returns this library's name of a class that some release of Keras writes or reads: "Orthogonal" for
// "OrthogonalInitializer" of Keras 3.0 to 3.6, "Scale" for "package>Scale".
std::string current_class_name(const std::string& name);

}  // namespace xeras::io
