#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xeras/core/view.hpp"

namespace xeras::io {

// An HDF5 file: groups of groups and of arrays, found by paths such as "layers/dense/vars/0", which may carry
// attributes. The path "" is the file itself. Whatever fails raises FileError, which names the file and the path.
//
// One thread at a time uses the HDF5 library, whatever file; a lock sees to that. Links to elsewhere, other files or
// other places, are refused.
class Hdf5File {
 public:
  static Hdf5File open(const std::string& path);
  // A whole file in memory, which must stay there; `name` begins the messages.
  static Hdf5File open(std::span<const char> image, const std::string& name);
  // Writes over what is there.
  static Hdf5File create(const std::string& path);
  Hdf5File(Hdf5File&& other) noexcept;
  Hdf5File& operator=(Hdf5File&&) = delete;
  ~Hdf5File();
  // Everything is written; errors show here.
  void close();

  // In bytes: no file holds more numbers than a multiple of it.
  std::int64_t size() const { return size_; }

  // Reading

  bool has(const std::string& path) const;
  // The names in a group, in no particular order; none where it does not exist.
  std::vector<std::string> names(const std::string& path) const;
  Extents extents(const std::string& path) const;
  bool holds_integers(const std::string& path) const;
  // The array there must have these extents; numbers of any width become floats.
  void read(const std::string& path, const Extents& expected, float* to) const;
  double read_number(const std::string& path) const;
  std::int64_t read_integer(const std::string& path) const;
  std::optional<std::string> text(const std::string& path, const std::string& attribute) const;
  // Also a list that was split into attribute0, attribute1, ... for its length.
  std::optional<std::vector<std::string>> texts(const std::string& path, const std::string& attribute) const;

  // Writing; groups on the way to a path are made.

  void make_group(const std::string& path);
  void write(const std::string& path, const Extents& extents, const float* values);
  void write_number(const std::string& path, float value);
  void write_integer(const std::string& path, std::int64_t value);
  void set_text(const std::string& path, const std::string& attribute, const std::string& text);
  void set_texts(const std::string& path, const std::string& attribute, const std::vector<std::string>& list);

 private:
  Hdf5File(std::string name, std::int64_t file, std::int64_t size);

  [[noreturn]] void fail(const std::string& path, const std::string& what) const;
  std::int64_t open_object(const std::string& path) const;
  std::int64_t open_numbers(const std::string& path) const;
  void write_array(const std::string& path, const Extents& extents, std::int64_t file_type, std::int64_t memory_type,
                   const void* values);

  std::string name_;
  std::int64_t file_;  // a hid_t
  std::int64_t size_ = 0;
};

}  // namespace xeras::io
