#include "io/zip.hpp"

#include <zip.h>

#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::ZipReader;
using io::ZipWriter;
using xeras::testing::TemporaryFolder;

namespace {

// A zip with one member, deflated, as others than Keras might write it.
void write_deflated(const std::string& path, const std::string& member, const std::string& text) {
  zip_t* archive = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
  zip_source_t* source = zip_source_buffer(archive, text.data(), text.size(), 0);
  const zip_int64_t index = zip_file_add(archive, member.c_str(), source, 0);
  zip_set_file_compression(archive, static_cast<zip_uint64_t>(index), ZIP_CM_DEFLATE, 9);
  REQUIRE(zip_close(archive) == 0);
}

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("A zip gives what was put in, stored and without a time") {
  const TemporaryFolder folder;
  ZipWriter writer(folder / "a.keras");
  writer.add("config.json", "{}");
  writer.add_bytes("weights.h5", "numbers");
  writer.close();
  const ZipReader reader(folder / "a.keras");
  CHECK(reader.read("config.json").text() == "{}");
  CHECK(reader.read("weights.h5").text() == "numbers");
  CHECK_FALSE(reader.has("metadata.json"));
  const std::string bytes = content(folder / "a.keras");
  CHECK(bytes.find("{}") != std::string::npos);
  CHECK(bytes.substr(10, 4) == std::string("\0\0\x21\0", 4));  // midnight, 1 January 1980
}

TEST_CASE("A zip that is compressed is read too, also from memory") {
  const TemporaryFolder folder;
  const std::string text(1000, 'x');
  write_deflated(folder / "a.keras", "config.json", text);
  const std::string bytes = content(folder / "a.keras");
  CHECK(bytes.size() < 500);
  CHECK(ZipReader(bytes, "a.keras").read("config.json").text() == text);
}

TEST_CASE("A zip refuses names that lead elsewhere, and bombs") {
  const TemporaryFolder folder;
  const std::string path = folder / "bad.keras";
  for (const char* name : {"/etc/passwd", "../up", "a/../../up", "c:\\windows", "a\\b"}) {
    write_deflated(path, name, "x");
    CHECK(message_of<FileError>([&] { ZipReader reader(path); }) ==
          path + ": member 0 has an unsafe name; expected relative names without \"..\".");
  }
  write_deflated(path, "config.json", std::string(100'000'000, '0'));
  const ZipReader reader(path);
  CHECK(message_of<FileError>([&] {
          reader.read("config.json");
        }).starts_with(path + ": config.json: would expand from "));
  CHECK(message_of<FileError>([&] { reader.read("model.weights.h5"); }) ==
        path + ": model.weights.h5: is missing; expected a member that Keras wrote. The file may be damaged.");
}

TEST_CASE("A zip that is damaged is an error at every byte") {
  const TemporaryFolder folder;
  const std::string text = "some text that is long enough to have a sum";
  ZipWriter writer(folder / "a.keras");
  writer.add("config.json", text);
  writer.close();
  const std::string good = content(folder / "a.keras");
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x55);
    try {
      const std::string read(ZipReader(bad, "bad").read("config.json").text());
      CHECK(read == text);  // a byte that says nothing, such as the time
    } catch (const FileError&) {
    }
    CHECK_THROWS_AS(ZipReader(std::string_view(good).substr(0, i), "short").read("config.json"), FileError);
  }
}

TEST_CASE("A zip with two members of one name is refused") {
  const TemporaryFolder folder;
  const std::string path = folder / "twice.keras";
  ZipWriter writer(path);
  writer.add("config.json", "{}");
  writer.add("config.jsoN", "[]");
  writer.close();
  std::string bytes = content(path);
  for (std::size_t at = 0; (at = bytes.find("config.jsoN", at)) != bytes.npos;) bytes[at + 10] = 'n';
  std::ofstream(path, std::ios::binary) << bytes;
  CHECK(message_of<FileError>([&] { ZipReader reader(path); }) ==
        path +
            ": two members are named \"config.json\"; expected each name once. Readers of zips would see one or the "
            "other.");
}
