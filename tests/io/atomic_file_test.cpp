#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::AtomicFile;
using xeras::testing::TemporaryFolder;

namespace {

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const TemporaryFolder& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

}  // namespace

TEST_CASE("AtomicFile replaces a file when it is committed, and not before") {
  const TemporaryFolder folder;
  const std::string path = folder / "a";
  std::ofstream(path) << "old";
  ::chmod(path.c_str(), 0640);
  {
    const AtomicFile file(path);
    std::ofstream(file.temporary()) << "half";
  }
  CHECK(content(path) == "old");
  CHECK(files_in(folder) == 1);
  AtomicFile file(path);
  std::ofstream(file.temporary()) << "new";
  CHECK(content(path) == "old");
  file.commit();
  CHECK(content(path) == "new");
  CHECK(files_in(folder) == 1);
  struct stat about {};
  REQUIRE(::stat(path.c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0640);
}

TEST_CASE("AtomicFile writes through a symbolic link") {
  const TemporaryFolder folder;
  std::ofstream(folder / "real") << "old";
  std::filesystem::create_symlink(folder / "real", folder / "link");
  AtomicFile file(folder / "link");
  std::ofstream(file.temporary()) << "new";
  file.commit();
  CHECK(content(folder / "real") == "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
}

TEST_CASE("AtomicFile says where it cannot write") {
  const TemporaryFolder folder;
  const std::string path = folder / "none/a";
  CHECK(message_of<FileError>([&] { AtomicFile file(path); }) ==
        path + ": create: No such file or directory; expected a writable place.");
  CHECK(message_of<FileError>([&] { AtomicFile file(folder.path().string()); }) ==
        folder.path().string() + ": is a folder; expected the name of a file.");
}

TEST_CASE("AtomicFile takes a name of 255 bytes") {
  const TemporaryFolder folder;
  for (const std::string& name : {std::string(255, 'a'), "ab" + std::string(253, 'c')}) {
    AtomicFile file(folder / name);
    std::ofstream(file.temporary()) << "new";
    file.commit();
    CHECK(content(folder / name) == "new");
  }
  CHECK(files_in(folder) == 2);
}

TEST_CASE("AtomicFile says that a name is too long") {
  const TemporaryFolder folder;
  const std::string path = folder / std::string(256, 'a');
  CHECK(message_of<FileError>([&] {
          AtomicFile file(path);
          file.commit();
        }) == path + ": rename: File name too long; expected a writable place.");
  CHECK(files_in(folder) == 0);
}

TEST_CASE("AtomicFile writes the file that a dangling link means") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("real", folder / "link");
  AtomicFile file(folder / "link");
  std::ofstream(file.temporary()) << "new";
  file.commit();
  CHECK(content(folder / "real") == "new");
  CHECK(std::filesystem::is_symlink(folder / "link"));
}

TEST_CASE("AtomicFile says that links lead in a circle") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("b", folder / "a");
  std::filesystem::create_symlink("a", folder / "b");
  CHECK(message_of<FileError>([&] { AtomicFile file(folder / "a"); }) ==
        folder / "a" + ": its symbolic links form a loop; expected a link that ends at a file. Remove it.");
}

TEST_CASE("AtomicFile replaces no device") {
  const TemporaryFolder folder;
  std::filesystem::create_symlink("/dev/full", folder / "full");
  CHECK(message_of<FileError>([&] { AtomicFile file(folder / "full"); }) ==
        folder / "full" + ": is a device or another special file; expected the name of a file.");
}

TEST_CASE("AtomicFile removes what processes that died left, and nothing of the living") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "a.12-0.tmp");
  std::ofstream(folder / "a.12-0.tmp/xeras-file") << "half";
  std::filesystem::create_directory(folder / "b.12-0.tmp");
  std::filesystem::create_directory(folder / "a.mine.tmp");
  const AtomicFile living(folder / "a");
  const AtomicFile other(folder / "a");
  CHECK_FALSE(std::filesystem::exists(folder / "a.12-0.tmp"));
  CHECK(std::filesystem::exists(folder / "b.12-0.tmp"));
  CHECK(std::filesystem::exists(folder / "a.mine.tmp"));
  CHECK(std::filesystem::exists(living.temporary()));
}

TEST_CASE("AtomicFile leaves a folder of another process that still writes") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "a.12-0.tmp");
  const int lock = ::open((folder / "a.12-0.tmp").c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(::flock(lock, LOCK_EX) == 0);
  { const AtomicFile file(folder / "a"); }
  CHECK(std::filesystem::exists(folder / "a.12-0.tmp"));
  ::close(lock);
  { const AtomicFile file(folder / "a"); }
  CHECK_FALSE(std::filesystem::exists(folder / "a.12-0.tmp"));
}

TEST_CASE("AtomicFile removes only files of its own from what it finds") {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "a.12-0.tmp");
  std::ofstream(folder / "a.12-0.tmp/photo") << "dear";
  { const AtomicFile file(folder / "a"); }
  CHECK(content(folder / "a.12-0.tmp/photo") == "dear");
}
