#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
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

// A new file beside the target, with the permissions that the system gives to one; empty where there is no place.
std::string create_beside(const std::string& target) {
  static std::atomic<unsigned> count{0};
  while (true) {
    const std::string path = fmt::format("{}.{}-{}.tmp", target, ::getpid(), count++);
    const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) continue;  // of a process of that number, long gone
    if (file < 0) return {};
    struct stat old {};
    if (::stat(target.c_str(), &old) == 0) ::fchmod(file, old.st_mode & 07777);
    ::close(file);
    return path;
  }
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::canonical(path, error);
  target_ = error ? path : real.string();  // the file that a symbolic link means is replaced, not the link
  if (std::filesystem::is_directory(target_, error)) {
    throw FileError(fmt::format("{}: is a folder; expected the name of a file.", path));
  }
  temporary_ = create_beside(target_);
  if (temporary_.empty()) fail(path, "create");
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
