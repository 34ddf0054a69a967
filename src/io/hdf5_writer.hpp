#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "xeras/core/view.hpp"

namespace xeras::io {

// An HDF5 file that is written: groups of groups and of arrays, at paths such as "layers/dense/vars/0", which may carry
// attributes. The path "" is the file itself. Groups on the way to a path are made. Whatever fails raises FileError,
// which names the file and the path.
//
// One thread at a time uses the HDF5 library, whatever file; a lock sees to that.
class Hdf5Writer {
 public:
  // To write over what is there; `name` begins the messages, the path where it is empty.
  explicit Hdf5Writer(const std::string& path, const std::string& name = {});
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  // Only now all of it is written. Until then it is in memory: HDF5 does not survive a disk that is full.
  void close();

  void make_group(const std::string& path);
  void write(const std::string& path, const Extents& extents, const float* values);
  void write_number(const std::string& path, float value);
  void write_integer(const std::string& path, std::int64_t value);
  void set_text(const std::string& path, const std::string& attribute, const std::string& text);
  // A list that is too long for an attribute is split into attribute0, attribute1, ...
  void set_texts(const std::string& path, const std::string& attribute, const std::vector<std::string>& texts);

 private:
  [[noreturn]] void fail(const std::string& path) const;
  std::int64_t open_object(const std::string& path) const;
  void write_array(const std::string& path, const Extents& extents, std::int64_t file_type, std::int64_t memory_type,
                   const void* values);
  void write_attribute(const std::string& path, const std::string& attribute, std::int64_t space,
                       const std::vector<const char*>& texts);

  std::string path_, name_;
  std::int64_t file_;  // a hid_t
};

}  // namespace xeras::io
