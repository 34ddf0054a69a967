#pragma once

#include <cstddef>

#include "xeras/core/error.hpp"

namespace xeras {

// A failed allocation. `who` requested `bytes` at once; 0 means an unknown amount.
class OutOfMemory final : public Error {
 public:
  OutOfMemory(const char* who, std::size_t bytes);
  std::size_t bytes() const { return bytes_; }

 private:
  std::size_t bytes_;
};

// Rethrows the current exception: a failed allocation with the name `who`, all others unchanged. Call it in a handler.
// Public functions whose allocations grow with the data end with `catch (...) { rethrow_as("fit"); }`.
[[noreturn]] void rethrow_as(const char* who);

}  // namespace xeras
