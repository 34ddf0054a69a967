#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "xeras/core/view.hpp"

namespace xeras::io {

// The path of what is called so in a group.
inline std::string joined(const std::string& group, const std::string& name) {
  return group.empty() ? name : group + "/" + name;
}

// Reads HDF5 files of the kind that Keras writes: groups of groups and of arrays, found by paths such as
// "layers/dense/vars/0", which may carry attributes. The path "" is the file itself. Whatever is wrong raises
// FileError, which names the file and the path; nothing outside the file's bytes is ever read, and no memory is taken
// beyond a small multiple of them.
//
// The format's specification is the HDF Group's "HDF5 File Format Specification Version 3.0"; here is what the
// library's default settings have written since 1.0: superblock 0, version 1 object headers, symbol tables, arrays in
// one piece. Chunked and compressed arrays, links to elsewhere and newer structures are refused.
class Hdf5Reader {
 public:
  // A whole file, which must stay in memory; `name` begins the messages.
  Hdf5Reader(std::span<const char> bytes, std::string name);

  // In bytes: no file holds more numbers.
  std::int64_t size() const { return static_cast<std::int64_t>(bytes_.size()); }

  bool has(const std::string& path) const { return find(path).has_value(); }
  // The names in a group, in the file's order; none where it does not exist.
  std::vector<std::string> names(const std::string& path) const;
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
  // What kind of values an array or attribute has.
  struct Type {
    enum class Kind { integer, unsigned_integer, real, text, variable_text, other } kind = Kind::other;
    std::uint32_t size = 0;  // of one value, in bytes
  };
  struct Array {
    Type type;
    Extents extents;
    std::uint64_t count = 1;
    std::uint64_t address = 0;  // of the values
    std::uint64_t size = 0;     // of all values, in bytes
  };
  // What an object's header says of it.
  struct Object {
    std::optional<std::pair<std::uint64_t, std::uint64_t>> group;  // addresses of its tree and of its names
    std::optional<Type> type;
    std::optional<std::pair<Extents, std::uint64_t>> space;         // extents, and how many values
    std::optional<std::pair<std::uint64_t, std::uint64_t>> values;  // address and size
    std::map<std::string, Array> attributes;
  };
  using Entries = std::vector<std::pair<std::string, std::uint64_t>>;  // names, and addresses of headers

  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail(const std::string& path, const std::string& what) const;
  std::span<const char> at(std::uint64_t address, std::uint64_t size) const;
  std::uint64_t number(std::uint64_t address, std::size_t size) const;
  std::string text_at(std::uint64_t address, std::uint64_t end) const;

  Object object_at(std::uint64_t address) const;
  void read_message(std::uint64_t type, std::uint64_t address, std::uint64_t size, std::uint64_t flags,
                    Object& object) const;
  Type type_at(std::uint64_t address, std::uint64_t size) const;
  std::pair<Extents, std::uint64_t> space_at(std::uint64_t address, std::uint64_t size) const;
  void read_layout(std::uint64_t address, std::uint64_t size, Object& object) const;
  void read_attribute(std::uint64_t address, std::uint64_t size, Object& object) const;
  Entries entries_of(const Object& group) const;
  void add_entries(std::uint64_t tree, std::uint64_t names, std::size_t level, std::size_t& budget,
                   Entries& entries) const;

  std::optional<std::uint64_t> find(const std::string& path) const;
  Object object(const std::string& path) const;
  Array array(const std::string& path) const;
  Array array_of(const std::string& path, const Extents& expected) const;
  std::vector<std::string> texts_in(const Array& array, const std::string& where) const;
  // `scans` bounds the work: how many texts may still be looked at, for all of an attribute's together.
  std::string global_text(std::uint64_t collection, std::uint64_t index, std::uint64_t size,
                          std::uint64_t& scans) const;

  std::span<const char> bytes_;
  std::string name_;
  std::uint64_t root_ = 0;
};

}  // namespace xeras::io
