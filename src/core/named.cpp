#include "xeras/core/named.hpp"

#include <fmt/format.h>

#include "xeras/core/error.hpp"

namespace xeras {

void throw_null(const std::type_info& family) {
  throw InvalidArgument(
      fmt::format("{}: is a null pointer; expected an object or a name. Give one, or leave the argument out.",
                  class_name_of(family)));
}

}  // namespace xeras
