#include "core/memory.hpp"

#include <fmt/format.h>

#include <new>

namespace xeras {
namespace {

std::string amount(std::size_t bytes) {
  if (bytes == 0) return "more memory";
  if (bytes < std::size_t{10} << 20) return fmt::format("{} bytes", bytes);
  return fmt::format("{} MiB", bytes >> 20);
}

}  // namespace

OutOfMemory::OutOfMemory(const char* who, std::size_t bytes)
    : Error(fmt::format(
          "{}: cannot allocate {}; expected data that fits in memory. Use less data at once, or smaller sizes.", who,
          amount(bytes))),
      bytes_(bytes) {}

void rethrow_as(const char* who) {
  try {
    throw;
  } catch (const OutOfMemory& shortage) {
    throw OutOfMemory(who, shortage.bytes());
  } catch (const std::bad_alloc&) {
    throw OutOfMemory(who, 0);
  }
}

}  // namespace xeras
