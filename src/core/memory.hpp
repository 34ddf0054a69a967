#pragma once

#include <cstddef>

#include "xeras/core/error.hpp"

namespace xeras {

// Memory that the system does not give. `who` asked for so many bytes at once; 0: for an amount that is not known.
class OutOfMemory final : public Error {
 public:
  OutOfMemory(const char* who, std::size_t bytes);
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
};

// Within a handler: rethrows a shortage of memory on behalf of `who`, and everything else as it is. Public functions
// that allocate by the size of data end with `catch (...) { rethrow_as("fit"); }`.
[[noreturn]] void rethrow_as(const char* who);

}  // namespace xeras
