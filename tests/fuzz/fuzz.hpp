#pragma once

#include <sanitizer/allocator_interface.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>
#include <string_view>

#include "xeras/core/error.hpp"

// The common parts of the targets.
namespace xeras::fuzz {

// Returns the path of a file for the target alone, in memory if the system has a folder for that.
inline std::string scratch_file(const std::string& ending) {
  static const std::string stem = "/dev/shm/xeras-fuzz-" + std::to_string(::getpid());
  return stem + ending;
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// The limits for one input of any length; exceeding them is a finding, like a crash. A small zip may expand to files of
// 16 MiB, and these to weights and states of four times that.
constexpr double most_seconds = 5.0;
constexpr std::int64_t most_bytes = std::int64_t{1} << 29;

inline std::atomic<std::int64_t> bytes_in_use{0};

[[noreturn]] inline void give_up(const char* what, double found, double most) {
  std::fprintf(stderr, "This input takes %g %s; expected at most %g.\n", found, what, most);
  std::abort();
}

inline void count_malloc(const volatile void*, std::size_t size) {
  const std::int64_t bytes = bytes_in_use += static_cast<std::int64_t>(size);
  if (bytes <= most_bytes) return;
  bytes_in_use = 0;  // the message may need some
  give_up("bytes", static_cast<double>(bytes), static_cast<double>(most_bytes));
}

inline void count_free(const volatile void* memory) {
  if (memory != nullptr) bytes_in_use -= static_cast<std::int64_t>(__sanitizer_get_allocated_size(memory));
}

// Enforces these limits on an input during its lifetime.
class Limits {
 public:
  Limits() {
    static const int installed = __sanitizer_install_malloc_and_free_hooks(count_malloc, count_free);
    static_cast<void>(installed);
  }
  ~Limits() {
    // Processor time, so that a busy machine causes no finding.
    const double seconds = static_cast<double>(std::clock() - start_) / CLOCKS_PER_SEC;
    if (seconds > most_seconds) give_up("seconds", seconds, most_seconds);
  }
  Limits(const Limits&) = delete;
  Limits& operator=(const Limits&) = delete;

 private:
  std::clock_t start_ = std::clock();
};

// For any input, the library must return a result or throw its own error; anything else is a finding.
template <class F>
void expect_error_or_nothing(const F& load) {
  const Limits limits;
  try {
    load();
  } catch (const Error&) {
  }
}

}  // namespace xeras::fuzz
