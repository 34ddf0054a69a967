#include "xeras/core/spec.hpp"

namespace xeras {

const char* plural_of(DType dtype) {
  switch (dtype) {
    case DType::int32:
      return "ids";
    case DType::string:
      return "strings";
    case DType::float32:
      break;
  }
  return "floats";
}

}  // namespace xeras
