#include "io/hdf5_structure.hpp"

#include <hdf5.h>

#include "catch.hpp"
#include "io/hdf5_writer.hpp"
#include "support/hdf5_bytes.hpp"
#include "support/messages.hpp"
#include "support/temporary_folder.hpp"
#include "xeras/core/error.hpp"

using namespace xeras;
using io::Hdf5Structure;
using xeras::testing::made_by_hdf5;
using xeras::testing::TemporaryFolder;
using xeras::testing::with_array;

TEST_CASE("Hdf5Structure finds groups and arrays by their paths") {
  const TemporaryFolder folder;
  const std::string path = folder / "a.h5";
  const float numbers[] = {1, 2, 3, 4, 5, 6};
  {
    io::Hdf5Writer writer(path);
    for (const char* name : {"b", "a/x", "a/y", "c/d/e"}) writer.write(name, {2, 3}, numbers);
    writer.set_text("a", "name", "text");
    writer.close();
  }
  const std::string bytes = xeras::testing::content(path);
  const Hdf5Structure file(bytes, "a.h5");
  CHECK(file.names("") == std::vector<std::string>{"a", "b", "c"});
  CHECK(file.names("a") == std::vector<std::string>{"x", "y"});
  CHECK(file.names("a") == file.names("/a/"));
  CHECK(file.names("none").empty());
  CHECK(file.find("c/d/e"));
  CHECK_FALSE(file.find("c/e"));
  CHECK_FALSE(file.find("b/e"));
  CHECK(file.object("a").group);
  CHECK(file.object("a").attributes.size() == 1);
  const Hdf5Structure::Object array = file.object("c/d/e");
  CHECK_FALSE(array.group);
  CHECK(array.type->kind == Hdf5Structure::Type::Kind::real);
  CHECK(array.type->size == 4);
  CHECK(array.space->first == Extents{2, 3});
  CHECK(array.space->second == 6);
  CHECK(array.values->second == 24);
  CHECK(message_of<FileError>([&] { file.object("c/e"); }) ==
        "a.h5: c/e: is missing; expected what Keras writes there.");
  CHECK(message_of<FileError>([&] { file.names("b"); }) == "a.h5: b: is not a group; expected one.");
}

TEST_CASE("Hdf5Structure refuses what is no HDF5 file") {
  CHECK(message_of<FileError>([&] { Hdf5Structure(std::string(200, 'x'), "none.h5"); }) ==
        "none.h5: is not an HDF5 file; expected one. The file may be damaged.");
}

TEST_CASE("Hdf5Structure refuses what Keras does not write") {
  const TemporaryFolder folder;
  const auto message = [](const std::string& bytes) {
    return message_of<FileError>([&] { Hdf5Structure(bytes, "x.h5").object("x"); });
  };
  const std::vector<float> values(1000, 1.0f);
  const hid_t chunked = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t chunk = 100;
  H5Pset_chunk(chunked, 1, &chunk);
  CHECK(message(with_array(folder, values, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, chunked))
            .find("is not contiguous; expected it as HDF5 writes it by default. Convert the file with h5repack -l "
                  "CONTI -f NONE.") != std::string::npos);
  H5Pclose(chunked);
  const hid_t outside = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(outside, (folder / "outside").c_str(), 0, 4000);
  CHECK(message(with_array(folder, values, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, outside))
            .find("has its numbers in another file") != std::string::npos);
  H5Pclose(outside);
  CHECK(message(made_by_hdf5(folder, [](hid_t file) {
          H5Lcreate_soft("/somewhere", file, "x", H5P_DEFAULT, H5P_DEFAULT);
        })) == "x.h5: x is a symbolic link; expected the object itself.");
  const hid_t latest = H5Pcreate(H5P_FILE_ACCESS);
  H5Pset_libver_bounds(latest, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  CHECK(message(made_by_hdf5(
                    folder, [](hid_t) {}, latest))
            .find("expected 0, HDF5's default") != std::string::npos);
  H5Pclose(latest);
}
