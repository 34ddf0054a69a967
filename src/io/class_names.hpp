#pragma once

#include <string>

namespace xeras::io {

// What a class is called here, by a name that some release of Keras has written or reads: "Orthogonal" for
// "OrthogonalInitializer" of Keras 3.0 to 3.6, "Scale" for "package>Scale".
std::string current_class_name(const std::string& name);

}  // namespace xeras::io
