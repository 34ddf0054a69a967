#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <string>

#include "xeras/core/error.hpp"

namespace xeras::callbacks {

// Creates a folder and those above it. Throws FileError.
inline void create_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    throw FileError(fmt::format("{}: {}; expected a folder that can be created.", folder.string(), error.message()));
  }
}

}  // namespace xeras::callbacks
