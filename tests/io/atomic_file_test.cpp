#include "io/atomic_file.hpp"

#include <sys/stat.h>

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
        path + ": create: No such file or directory; expected a place that can be written.");
  CHECK(message_of<FileError>([&] { AtomicFile file(folder.path().string()); }) ==
        folder.path().string() + ": is a folder; expected the name of a file.");
}
