#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include "xeras/core/error.hpp"

// What the targets have in common.
namespace xeras::fuzz {

// A file of the target's own, in memory where the system has a folder for that.
inline std::string scratch_file(const std::string& ending) {
  static const std::string stem = "/dev/shm/xeras-fuzz-" + std::to_string(::getpid());
  return stem + ending;
}

inline void write_file(const std::string& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

// Whatever the input is, the library answers with a result or with its own error; anything else is a finding.
template <class F>
void expect_error_or_nothing(const F& load) {
  try {
    load();
  } catch (const Error&) {
  }
}

}  // namespace xeras::fuzz
