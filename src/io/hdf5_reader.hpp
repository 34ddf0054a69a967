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

// The path of what is called so in a group.
inline std::string joined(const std::string& group, const std::string& name) {
  return group.empty() ? name : group + "/" + name;
}

// Reads the numbers and texts in HDF5 files of the kind that Keras writes, by the path of an array or of what carries
// an attribute. Hdf5Structure says what kind that is, and what it raises.
class Hdf5Reader {
 public:
  // A whole file, which must stay in memory; `name` begins the messages.
  Hdf5Reader(std::span<const char> bytes, std::string name) : file_(bytes, std::move(name)) {}

  // In bytes: no file holds more numbers.
  std::int64_t size() const { return static_cast<std::int64_t>(file_.size()); }

  bool has(const std::string& path) const { return file_.find(path).has_value(); }
  // The names in a group, in the file's order; none where it does not exist.
  std::vector<std::string> names(const std::string& path) const { return file_.names(path); }
  Extents extents(const std::string& path) const;
  bool holds_integers(const std::string& path) const;
  // The array there must have these extents. What passes, read will not refuse.
  void check(const std::string& path, const Extents& expected) const;
  // The same, and its numbers, of any width, become floats.
  void read(const std::string& path, const Extents& expected, float* to) const;
  double read_number(const std::string& path) const;
  std::int64_t read_integer(const std::string& path) const;
  std::optional<std::string> text(const std::string& path, const std::string& attribute) const;
  // Also a list that was split into attribute0, attribute1, ... for its length.
  std::optional<std::vector<std::string>> texts(const std::string& path, const std::string& attribute) const;

 private:
  using Type = Hdf5Structure::Type;
  using Array = Hdf5Structure::Array;
  using Object = Hdf5Structure::Object;

  Array array(const std::string& path) const;
  Array array_of(const std::string& path, const Extents& expected) const;
  std::vector<std::string> texts_in(const Array& array, const std::string& where) const;
  // `scans` bounds the work: how many texts may still be looked at, for all of an attribute's together.
  std::string global_text(std::uint64_t collection, std::uint64_t index, std::uint64_t size,
                          std::uint64_t& scans) const;

  Hdf5Structure file_;
};

}  // namespace xeras::io
