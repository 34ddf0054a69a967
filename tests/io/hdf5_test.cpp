#include "io/hdf5.hpp"

#include <hdf5.h>

#include <algorithm>
#include <fstream>

#include "catch.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::Hdf5File;
using xeras::testing::TemporaryFolder;

namespace {

const std::vector<float> six{1, 2, 3, 4, 5, 6};

std::string file_with_numbers(const TemporaryFolder& folder) {
  const std::string path = folder / "a.h5";
  Hdf5File file = Hdf5File::create(path);
  file.write("layers/dense/vars/0", {2, 3}, six.data());
  file.write_integer("optimizer/vars/0", 12345678901);
  file.write_number("optimizer/vars/1", 0.5f);
  file.set_text("layers/dense/vars", "name", "dänse");
  file.set_texts("", "layer_names", {"a", "", "c"});
  file.close();
  return path;
}

}  // namespace

TEST_CASE("HDF5 gives back what was written") {
  const TemporaryFolder folder;
  const std::string path = file_with_numbers(folder);
  std::ifstream stream(path, std::ios::binary);
  const std::string image{std::istreambuf_iterator<char>(stream), {}};
  for (const bool from_memory : {false, true}) {
    const Hdf5File file = from_memory ? Hdf5File::open(image, "image") : Hdf5File::open(path);
    std::vector<float> values(6);
    file.read("layers/dense/vars/0", {2, 3}, values.data());
    CHECK(values == six);
    CHECK(file.read_integer("optimizer/vars/0") == 12345678901);
    CHECK(file.read_number("optimizer/vars/1") == 0.5);
    CHECK(file.holds_integers("optimizer/vars/0"));
    CHECK_FALSE(file.holds_integers("optimizer/vars/1"));
    CHECK(file.text("layers/dense/vars", "name") == "dänse");
    CHECK(file.texts("", "layer_names") == std::vector<std::string>{"a", "", "c"});
    CHECK_FALSE(file.text("", "missing"));
    CHECK(file.names("optimizer/vars") == std::vector<std::string>{"0", "1"});
    CHECK(file.names("nothing").empty());
    CHECK_FALSE(file.has("layers/lstm"));
  }
}

TEST_CASE("HDF5 splits a list that is too long for an attribute, and puts it together") {
  const TemporaryFolder folder;
  std::vector<std::string> names(9000);
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = "layer_" + std::to_string(i);
  Hdf5File file = Hdf5File::create(folder / "a.h5");
  file.set_texts("", "layer_names", names);
  file.close();
  CHECK(Hdf5File::open(folder / "a.h5").texts("", "layer_names") == names);
}

TEST_CASE("HDF5 says what is wrong, and where") {
  const TemporaryFolder folder;
  const std::string path = file_with_numbers(folder);
  const Hdf5File file = Hdf5File::open(path);
  std::vector<float> values(6);
  CHECK(message_of<FileError>([&] {
          file.read("layers/dense/vars/0", {3, 2}, values.data());
        }) == path + ": layers/dense/vars/0: has shape (2, 3); expected (3, 2).");
  CHECK(message_of<FileError>([&] { file.read("layers/dense/vars/1", {3}, values.data()); }) ==
        path + ": layers/dense/vars/1: is missing; expected what Keras writes there.");
  CHECK(message_of<FileError>([&] { file.read("layers/dense", {3}, values.data()); }) ==
        path + ": layers/dense: is a group; expected an array.");
  CHECK(message_of<FileError>([&] { file.read_number("layers/dense/vars/0"); }) ==
        path + ": layers/dense/vars/0: is an array; expected one number.");
  std::ofstream(folder / "none.h5") << "text";
  CHECK(message_of<FileError>([&] { Hdf5File::open(folder / "none.h5"); }) ==
        (folder / "none.h5") + ": is no HDF5 file; expected one. The file may be damaged.");
  CHECK(message_of<FileError>([&] { Hdf5File::open(folder / "missing.h5"); }) ==
        (folder / "missing.h5") + ": No such file or directory; expected a file that can be read.");
}

TEST_CASE("HDF5 follows no links, and reads no other files") {
  const TemporaryFolder folder;
  const std::string path = file_with_numbers(folder);
  const hid_t raw = H5Fopen(path.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
  H5Lcreate_external("/etc/passwd", "/", raw, "elsewhere", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/layers", raw, "loop", H5P_DEFAULT, H5P_DEFAULT);
  const hid_t outside = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(outside, "/etc/passwd", 0, 16);
  const hsize_t count = 4;
  const hid_t space = H5Screate_simple(1, &count, nullptr);
  H5Dclose(H5Dcreate2(raw, "outside", H5T_IEEE_F32LE, space, H5P_DEFAULT, outside, H5P_DEFAULT));
  H5Sclose(space);
  H5Pclose(outside);
  H5Fclose(raw);
  const Hdf5File file = Hdf5File::open(path);
  for (const char* name : {"elsewhere", "loop"}) {
    CHECK(message_of<FileError>([&] { file.names(name); }) ==
          path + ": " + name + ": is a link to elsewhere; expected the thing itself.");
  }
  std::vector<float> values(4);
  CHECK(message_of<FileError>([&] { file.read("outside", {4}, values.data()); }) ==
        path + ": outside: has its numbers elsewhere; expected them in this file.");
}
