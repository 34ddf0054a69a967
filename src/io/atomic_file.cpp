#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <tuple>
#include <vector>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

namespace fs = std::filesystem;

// Every folder name begins with this; nothing else is ever removed there.
constexpr std::string_view temporary_prefix = "xeras-";

[[noreturn]] void fail(const std::string& path, const char* what) {
  throw FileError(fmt::format("{}: {}: {}; expected a writable place.", path, what, std::strerror(errno)));
}

// Flushes a file, or a folder's list of names, to disk, so that it survives a crash of the machine.
void sync(const std::string& path, int flags) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC);
  if (file < 0) fail(path, "open");
  const int status = ::fsync(file);
  const int error = errno;
  ::close(file);
  errno = error;
  if (status != 0 && errno != EINVAL) fail(path, "fsync");  // some file systems have no fsync for folders
}

// Returns the target of symbolic links, whether it exists or not. That file is replaced, not the link.
fs::path behind_links(const std::string& path) {
  constexpr int most_links = 40;  // the limit of Linux
  fs::path file = path;
  std::error_code error;
  for (int links = 0; fs::is_symlink(fs::symlink_status(file, error)); ++links) {
    if (links == most_links) {
      throw FileError(
          fmt::format("{}: its symbolic links form a loop; expected a link that ends at a file. Remove it.", path));
    }
    const fs::path next = fs::read_symlink(file, error);
    if (error) throw FileError(fmt::format("{}: {}; expected a readable link.", path, error.message()));
    file = next.is_absolute() ? next : file.parent_path() / next;
  }
  return file;
}

fs::path parent_of(const fs::path& file) { return file.has_parent_path() ? file.parent_path() : "."; }

// Returns the first part of the folder names for a file: its name, cut to leave room for the rest.
std::string stem_of(const fs::path& file) {
  constexpr std::size_t longest = 200;
  return std::string(whole_characters(file.filename().string(), longest)) + ".";
}

// True for a folder <stem><process>-<number>.tmp.
bool is_folder_of(const std::string& name, const std::string& stem) {
  constexpr std::string_view ending = ".tmp";
  if (!name.starts_with(stem) || !name.ends_with(ending) || name.size() <= stem.size() + ending.size()) return false;
  const std::string_view middle = std::string_view(name).substr(stem.size(), name.size() - stem.size() - ending.size());
  return middle.find_first_not_of("0123456789-") == middle.npos && std::count(middle.begin(), middle.end(), '-') == 1;
}

void remove_folder(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename().string().starts_with(temporary_prefix)) files.push_back(at->path());
  }
  for (const fs::path& file : files) ::unlink(file.c_str());
  ::rmdir(folder.c_str());
}

// Removes the folders of dead processes. A live process holds a lock on its folder.
void remove_dead(const fs::path& target) {
  const std::string stem = stem_of(target);
  std::error_code error;
  std::vector<fs::path> folders;
  for (fs::directory_iterator at(parent_of(target), error), end; !error && at != end; at.increment(error)) {
    if (is_folder_of(at->path().filename().string(), stem)) folders.push_back(at->path());
  }
  for (const fs::path& folder : folders) {
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) remove_folder(folder);
    ::close(file);
  }
}

bool is_at(int file, const std::string& path) {
  struct stat own {
  }, there{};
  return ::fstat(file, &own) == 0 && ::stat(path.c_str(), &there) == 0 && own.st_dev == there.st_dev &&
         own.st_ino == there.st_ino;
}

// Creates a new folder beside the target and returns it with the file that locks it. On file systems without locks,
// nobody removes stale folders.
std::pair<std::string, int> make_folder(const fs::path& target, const std::string& path) {
  static std::atomic<unsigned> count{0};
  while (true) {
    const std::string folder =
        (parent_of(target) / fmt::format("{}{}-{}.tmp", stem_of(target), ::getpid(), count++)).string();
    if (::mkdir(folder.c_str(), 0700) != 0) {
      if (errno == EEXIST) continue;  // left by an earlier process with the same id
      fail(path, "create");
    }
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0) {
      ::flock(file, LOCK_EX);
      if (is_at(file, folder)) return {folder, file};
      ::close(file);  // another process removed the folder as stale before the lock
    } else if (errno != ENOENT) {
      ::rmdir(folder.c_str());
      fail(path, "open");
    }
  }
}

}  // namespace

AtomicFile::AtomicFile(const std::string& path) {
  const fs::path target = behind_links(path);
  target_ = target.string();
  std::error_code error;
  const fs::file_status status = fs::status(target, error);
  if (fs::is_directory(status)) {
    throw FileError(fmt::format("{}: is a folder; expected the name of a file.", path));
  }
  if (fs::exists(status) && !fs::is_regular_file(status)) {
    throw FileError(fmt::format("{}: is a device or another special file; expected the name of a file.", path));
  }
  remove_dead(target);
  std::tie(folder_, lock_) = make_folder(target, path);
  temporary_ = fmt::format("{}/{}file", folder_, temporary_prefix);
  // A new file gets the permissions of the old one, or the system's default.
  const int file = ::open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
  if (file < 0) {
    const int reason = errno;
    remove_folder(folder_);
    ::close(lock_);
    errno = reason;
    fail(path, "create");
  }
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0) ::fchmod(file, old.st_mode & 07777);
  ::close(file);
}

AtomicFile::~AtomicFile() { close(); }

void AtomicFile::close() {
  if (lock_ < 0) return;
  remove_folder(folder_);
  ::close(lock_);
  lock_ = -1;
}

void AtomicFile::commit() {
  sync(temporary_, O_RDONLY);
  if (::rename(temporary_.c_str(), target_.c_str()) != 0) fail(target_, "rename");
  close();
  sync(parent_of(target_).string(), O_RDONLY | O_DIRECTORY);
}

}  // namespace xeras::io
