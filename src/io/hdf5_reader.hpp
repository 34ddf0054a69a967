#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "io/hdf5_structure.hpp"
#include "xeras/core/view.hpp"

namespace xeras::io {

// Returns the path of a member of a group.
inline std::string joined(const std::string& group, const std::string& name) {
  return group.empty() ? name : group + "/" + name;
}

// Reads numbers and texts from HDF5 files of the kind that Keras writes, by the path of an array or of the owner of an
// attribute. Hdf5Structure describes these files and the exceptions.
//
//   Hdf5Reader file(bytes, "model.h5");
//   file.read("layers/dense/vars/0", extents, kernel);
class Hdf5Reader {
 public:
  // Takes a whole file, which must stay in memory; `name` begins the messages.
  Hdf5Reader(std::span<const char> bytes, std::string name) : file_(bytes, std::move(name)) {}

  // Returns the size in bytes, an upper bound of the numbers in the file.
  std::int64_t size() const { return static_cast<std::int64_t>(file_.size()); }

  bool has(const std::string& path) const { return file_.find(path).has_value(); }
  // Returns the names in a group, in the file's order; none if the group does not exist.
  std::vector<std::string> names(const std::string& path) const { return file_.names(path); }
  Extents extents(const std::string& path) const;
  bool holds_integers(const std::string& path) const;
  // Throws FileError unless an array has these extents; read then accepts it.
  void check(const std::string& path, const Extents& expected) const;
  // Checks an array and reads its numbers, of any width, as floats.
  void read(const std::string& path, const Extents& expected, float* to) const;
  double read_number(const std::string& path) const;
  std::int64_t read_integer(const std::string& path) const;
  std::optional<std::string> text(const std::string& path, const std::string& attribute) const;
  // Returns the texts of an attribute. A long list may be split into attribute0, attribute1, ...
  std::optional<std::vector<std::string>> texts(const std::string& path, const std::string& attribute) const;

 private:
  using Type = Hdf5Structure::Type;
  using Array = Hdf5Structure::Array;
  using Object = Hdf5Structure::Object;

  Array array(const std::string& path) const;
  Array array_of(const std::string& path, const Extents& expected) const;
  std::vector<std::string> texts_in(const Array& array, const std::string& where) const;
  // `scans` bounds the work: the number of texts to inspect for the rest of an attribute.
  std::string global_text(std::uint64_t collection, std::uint64_t index, std::uint64_t size,
                          std::uint64_t& scans) const;

  Hdf5Structure file_;
};

}  // namespace xeras::io
