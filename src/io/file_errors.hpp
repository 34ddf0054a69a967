#pragma once

#include <fmt/format.h>

#include <new>
#include <stdexcept>
#include <string>
#include <system_error>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {

// No system opens a longer path.
inline constexpr std::size_t longest_path = 4096;

// Throws FileError for a path that no system accepts.
inline void check_path(const std::string& path) {
  const std::size_t nul = path.find('\0');
  if (nul != path.npos) {
    throw FileError(fmt::format("{}: the path has a NUL after this; expected a path without NUL.",
                                shown(path.substr(0, nul), longest_path)));
  }
}

// Runs work on a file; converts every exception of the standard library into a FileError that names the file.
template <class Work>
auto with_file(const std::string& path, const Work& work) {
  try {
    check_path(path);
    return work();
  } catch (const std::system_error& error) {
    throw FileError(fmt::format("{}: {}; expected a valid file.", shown(path, longest_path), error.code().message()));
  } catch (const std::bad_alloc&) {
    throw FileError(fmt::format("{}: needs more memory than is available; expected a model that fits in memory.",
                                shown(path, longest_path)));
  } catch (const std::length_error&) {
    throw FileError(fmt::format("{}: has sizes that exceed any memory; expected a model that fits in memory.",
                                shown(path, longest_path)));
  }
}

}  // namespace xeras::io
