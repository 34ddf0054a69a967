// What hdf5_writer writes, by the HDF Group's own library, read by the reader. Files that Keras wrote:
// keras2_files_test.
#include "io/hdf5_reader.hpp"

#include <hdf5.h>

#include <algorithm>
#include <fstream>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::Hdf5Reader;
using io::Hdf5Writer;
using xeras::testing::TemporaryFolder;

namespace {

const std::vector<float> six{1, 2, 3, 4, 5, 6};

std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

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

// A file with one array, made by the library itself with whatever options.
template <class Make>
std::string made_by_hdf5(const TemporaryFolder& folder, const Make& make, hid_t access = H5P_DEFAULT) {
  const std::string path = folder / "raw.h5";
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access);
  make(file);
  H5Fclose(file);
  return content(path);
}

template <class T>
std::string with_array(const TemporaryFolder& folder, const std::vector<T>& values, hid_t file_type, hid_t memory_type,
                       hid_t creation = H5P_DEFAULT) {
  return made_by_hdf5(folder, [&](hid_t file) {
    const hsize_t count = values.size();
    const hid_t space = H5Screate_simple(1, &count, nullptr);
    const hid_t array = H5Dcreate2(file, "x", file_type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    H5Dwrite(array, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data());
    H5Dclose(array);
    H5Sclose(space);
  });
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
  CHECK(message([&] { file.read_integer("optimizer/vars/1"); }) == "a.h5: optimizer/vars/1: is no integer.");
  CHECK(message([&] { Hdf5Reader(std::string(200, 'x'), "none.h5"); }) ==
        "none.h5: is no HDF5 file; expected one. The file may be damaged.");
}

TEST_CASE("HDF5 refuses what Keras does not write") {
  const TemporaryFolder folder;
  const auto message = [](const std::string& bytes) {
    return message_of<FileError>([&] { Hdf5Reader(bytes, "x.h5").extents("x"); });
  };
  const std::vector<float> values(1000, 1.0f);
  const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = 100;
  H5Pset_chunk(chunked, 1, &chunk);
  CHECK(
      message(with_array(folder, values, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, chunked))
          .find("is not in one piece; expected it as HDF5 writes it unless it is told otherwise. h5repack -l CONTI -f "
                "NONE makes it so.") != std::string::npos);
  H5Pclose(chunked);
  CHECK(message(with_array(folder, values, H5T_IEEE_F32BE, H5T_NATIVE_FLOAT)) ==
        "x.h5: x: has a type that is no number of this machine's order; expected float32.");
  const hid_t outside = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(outside, (folder / "outside").c_str(), 0, 4000);
  CHECK(message(with_array(folder, values, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, outside))
            .find("has its numbers in another file") != std::string::npos);
  H5Pclose(outside);
  CHECK(message(made_by_hdf5(folder, [](hid_t file) {
          H5Lcreate_soft("/somewhere", file, "x", H5P_DEFAULT, H5P_DEFAULT);
        })) == "x.h5: x is a link to elsewhere; expected the thing itself.");
  const hid_t latest = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(latest, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  CHECK(message(made_by_hdf5(
                    folder, [](hid_t) {}, latest))
            .find("expected 0, which HDF5 writes unless it is told otherwise") != std::string::npos);
  H5Pclose(latest);
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
