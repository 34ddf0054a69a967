#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw FileError(fmt::format("{}: {}: {}; expected a place that can be written.", path, what, std::strerror(errno)));
}

// What is written to a file, or to a folder's list of names, survives a crash of the machine after this.
void sync(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail(path, "open");
  const int status = ::fsync(file);
  ::close(file);
  if (status != 0 && errno != EINVAL) fail(path, "fsync");  // some file systems have no fsync of folders
}

// The permissions of the file that is replaced, or those that a new file gets.
mode_t permissions_for(const std::string& target) {
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0) return old.st_mode & 07777;
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return 0666 & ~mask;
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  target_ = error ? path : real.string();  // the file that a symbolic link means is replaced, not the link
  if (std::filesystem::is_directory(target_, error)) {
    throw FileError(fmt::format("{}: is a folder; expected the name of a file.", path));
  }
  temporary_ = target_ + ".XXXXXX";
  const int file = ::mkstemp(temporary_.data());
  if (file < 0) {
    const int reason = errno;
    temporary_.clear();
    errno = reason;
    fail(path, "create");
  }
  ::fchmod(file, permissions_for(target_));
  ::close(file);
}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  sync(temporary_, O_RDONLY);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "rename");
  temporary_.clear();
  const std::filesystem::path folder = std::filesystem::path(target_).parent_path();
  sync(folder.empty() ? "." : folder.string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace xeras::io
