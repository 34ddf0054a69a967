#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace xeras::testing {

// A folder for one test, removed with its contents.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    // The library flushes files to disk, which is slow; in memory it costs nothing.
    const std::filesystem::path in_memory = "/dev/shm";
    const bool has_memory = ::access(in_memory.c_str(), W_OK) == 0;
    const std::filesystem::path parent = has_memory ? in_memory : std::filesystem::temp_directory_path();
    std::string pattern = (parent / "xeras-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace xeras::testing
