#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/view.hpp"

namespace xeras::io {

// Writes an HDF5 file: groups of groups and of arrays, at paths such as "layers/dense/vars/0", which may carry
// attributes. The path "" is the file itself. Missing groups of a path are created. Every error raises FileError, which
// names the file and the path.
//
// A lock lets one thread at a time use the HDF5 library, for any file.
class Hdf5Writer {
 public:
  // close overwrites an existing file; `name` begins the messages, or `path` if it is empty.
  explicit Hdf5Writer(const std::string& path, const std::string& name = {});
  ~Hdf5Writer();
  Hdf5Writer(const Hdf5Writer&) = delete;
  Hdf5Writer& operator=(const Hdf5Writer&) = delete;
  // Writes the file. Until then everything is in memory, because HDF5 does not survive a full disk.
  void close();
  // Returns the bytes of the file, valid until the next call of a member, for a file that becomes part of another one.
  std::string_view bytes();

  void make_group(const std::string& path);
  void write(const std::string& path, const Extents& extents, const float* values);
  void write_number(const std::string& path, float value);
  void write_integer(const std::string& path, std::int64_t value);
  void set_text(const std::string& path, const std::string& attribute, const std::string& text);
  // Writes a list of texts, split into attribute0, attribute1, ... if it is too long for one attribute.
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
