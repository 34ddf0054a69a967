// What hdf5_writer writes, by the HDF Group's own library, read by the reader. Files that Keras wrote:
// keras2_files_test.
#include "io/hdf5_reader.hpp"

#include <hdf5.h>

#include <algorithm>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "support/hdf5_bytes.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::Hdf5Reader;
using io::Hdf5Writer;
using xeras::testing::content;
using xeras::testing::TemporaryFolder;
using xeras::testing::with_array;

namespace {

const std::vector<float> six{1, 2, 3, 4, 5, 6};

std::string written(const TemporaryFolder& folder) {
  const std::string path = folder / "a.h5";
  Hdf5Writer file(path);
  file.write("layers/dense/vars/0", {2, 3}, six.data());
  file.write("layers/dense/vars/empty", {0, 3}, nullptr);
  file.write_integer("optimizer/vars/0", 12345678901);
  file.write_number("optimizer/vars/1", 0.5f);
  file.set_text("layers/dense/vars", "name", "dänse");
  file.set_texts("", "layer_names", {"a", "", "c"});
  file.set_texts("", "nothing", {});
  file.close();
  return content(path);
}

}  // namespace

TEST_CASE("HDF5 gives back what was written") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder);
  const Hdf5Reader file(bytes, "a.h5");
  std::vector<float> values(6);
  file.read("layers/dense/vars/0", {2, 3}, values.data());
  CHECK(values == six);
  CHECK_NOTHROW(file.read("layers/dense/vars/empty", {0, 3}, nullptr));
  CHECK(file.read_integer("optimizer/vars/0") == 12345678901);
  CHECK(file.read_number("optimizer/vars/1") == 0.5);
  CHECK(file.holds_integers("optimizer/vars/0"));
  CHECK_FALSE(file.holds_integers("optimizer/vars/1"));
  CHECK(file.text("layers/dense/vars", "name") == "dänse");
  CHECK(file.texts("", "layer_names") == std::vector<std::string>{"a", "", "c"});
  CHECK(file.texts("", "nothing")->empty());
  CHECK_FALSE(file.text("", "missing"));
  CHECK(file.names("optimizer/vars") == std::vector<std::string>{"0", "1"});
  CHECK(file.names("nowhere").empty());
  CHECK_FALSE(file.has("layers/lstm"));
  CHECK(file.has("layers//dense/"));
}

TEST_CASE("HDF5 reads groups of a thousand, and lists that were split") {
  const TemporaryFolder folder;
  std::vector<std::string> names(9000);
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = "layer_" + std::to_string(i);
  Hdf5Writer writer(folder / "a.h5");
  writer.set_texts("", "layer_names", names);
  for (std::size_t i = 0; i < 1000; ++i) writer.write_number("many/" + names[i], static_cast<float>(i));
  writer.close();
  const std::string bytes = content(folder / "a.h5");
  const Hdf5Reader file(bytes, "a.h5");
  CHECK(file.texts("", "layer_names") == names);
  CHECK(file.names("many").size() == 1000);
  CHECK(file.read_number("many/layer_777") == 777);
}

TEST_CASE("HDF5 reads numbers of any width") {
  const TemporaryFolder folder;
  const auto read = [&](const std::string& bytes, std::size_t count) {
    std::vector<float> values(count);
    Hdf5Reader(bytes, "x.h5").read("x", {static_cast<std::int64_t>(count)}, values.data());
    return values;
  };
  const std::vector<double> numbers{1.5, -0.25, 65504, 0};
  CHECK(read(with_array(folder, numbers, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE), 4) ==
        std::vector<float>{1.5f, -0.25f, 65504, 0});
  const std::vector<int> integers{-3, 7, 120};
  for (const hid_t type : {H5T_STD_I8LE, H5T_STD_I16LE, H5T_STD_I32LE, H5T_STD_I64LE}) {
    CHECK(read(with_array(folder, integers, type, H5T_NATIVE_INT), 3) == std::vector<float>{-3, 7, 120});
  }
  CHECK(read(with_array(folder, std::vector<int>{200}, H5T_STD_U8LE, H5T_NATIVE_INT), 1) == std::vector<float>{200});
  const hid_t half = H5Tcopy(H5T_IEEE_F32LE);
  H5Tset_fields(half, 15, 10, 5, 0, 10);
  H5Tset_size(half, 2);
  H5Tset_ebias(half, 15);
  CHECK(read(with_array(folder, numbers, half, H5T_NATIVE_DOUBLE), 4) == std::vector<float>{1.5f, -0.25f, 65504, 0});
  H5Tclose(half);
}

TEST_CASE("HDF5 takes two bytes for a number only where Keras says that they are bfloat16") {
  const TemporaryFolder folder;
  const hid_t two_bytes = H5Tcreate(H5T_OPAQUE, 2);
  const std::string bytes = with_array(folder, std::vector<std::uint16_t>{0x3f80}, two_bytes, two_bytes);
  H5Tclose(two_bytes);
  CHECK(message_of<FileError>([&] { Hdf5Reader(bytes, "x.h5").extents("x"); }) ==
        "x.h5: x: has a type that is not a number in this machine's byte order; expected float32.");
}

TEST_CASE("HDF5 says what is wrong, and where") {
  const TemporaryFolder folder;
  const std::string bytes = written(folder);
  const Hdf5Reader file(bytes, "a.h5");
  std::vector<float> values(6);
  const auto message = [](const auto& f) { return message_of<FileError>(f); };
  CHECK(message([&] {
          file.read("layers/dense/vars/0", {3, 2}, values.data());
        }) == "a.h5: layers/dense/vars/0: has shape (2, 3); expected (3, 2).");
  CHECK(message([&] { file.read("layers/dense/vars/1", {3}, values.data()); }) ==
        "a.h5: layers/dense/vars/1: is missing; expected what Keras writes there.");
  CHECK(message([&] { file.read("layers/dense", {3}, values.data()); }) ==
        "a.h5: layers/dense: is a group; expected an array.");
  CHECK(message([&] { file.read_number("layers/dense/vars/0"); }) ==
        "a.h5: layers/dense/vars/0: is an array; expected one number.");
  CHECK(message([&] { file.read_integer("optimizer/vars/1"); }) == "a.h5: optimizer/vars/1: is not an integer.");
}

TEST_CASE("HDF5 with numbers of another machine's order is refused") {
  const TemporaryFolder folder;
  const std::string bytes = with_array(folder, std::vector<float>{1.0f, 2.0f}, H5T_IEEE_F32BE, H5T_NATIVE_FLOAT);
  CHECK(message_of<FileError>([&] { Hdf5Reader(bytes, "x.h5").extents("x"); }) ==
        "x.h5: x: has a type that is not a number in this machine's byte order; expected float32.");
}

TEST_CASE("HDF5 that is damaged or cut off is an error, or says the same as before") {
  const TemporaryFolder folder;
  const std::string good = written(folder);
  const auto read_all = [](const std::string& bytes) {
    try {
      const Hdf5Reader file(bytes, "bad.h5");
      std::vector<float> values(6);
      file.texts("", "layer_names");
      for (const std::string& name : file.names("optimizer/vars")) file.read_number("optimizer/vars/" + name);
      file.read("layers/dense/vars/0", {2, 3}, values.data());
    } catch (const FileError&) {
    }
  };
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const char flip : {'\x01', '\x80', '\xff'}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      read_all(bad);
    }
  }
  for (std::size_t size = 0; size < good.size(); size += 7) read_all(good.substr(0, size));
}
