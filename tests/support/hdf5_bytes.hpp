#pragma once

#include <hdf5.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

// HDF5 files of the HDF Group's own library, as bytes.
namespace xeras::testing {

inline std::string content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Returns a file with one array, written by the HDF5 library with any options.
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

}  // namespace xeras::testing
