#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "xeras/core/view.hpp"

namespace xeras::io {

// Rounds up to a multiple of 8, to which the file aligns its parts.
constexpr std::uint64_t up_to_8(std::uint64_t size) { return (size + 7) / 8 * 8; }

// The structure of an HDF5 file: groups of groups and of arrays, found by paths such as "layers/dense/vars/0", each
// with a header that describes it. The path "" is the file itself. Hdf5Reader reads the values.
//
// The format's specification is the HDF Group's "HDF5 File Format Specification Version 3.0". This class supports what
// the HDF5 library has written with default settings since 1.0: superblock 0, version 1 object headers, symbol tables,
// contiguous arrays. It refuses chunked and compressed arrays, links and newer structures.
//
// Every error raises FileError, which names the file and the path. Nothing outside the file's bytes is ever read, and
// memory use stays within a small multiple of them. For one thread at a time.
class Hdf5Structure {
 public:
  // The type of the values in an array or attribute.
  struct Type {
    enum class Kind { integer, unsigned_integer, real, text, variable_text, opaque, other } kind = Kind::other;
    std::uint32_t size = 0;  // of one value, in bytes
  };
  struct Array {
    Type type;
    Extents extents;
    std::uint64_t count = 1;
    std::uint64_t address = 0;  // of the values
    std::uint64_t size = 0;     // of all values, in bytes
  };
  // The contents of an object's header.
  struct Object {
    std::optional<std::pair<std::uint64_t, std::uint64_t>> group;  // addresses of its tree and of its names
    std::optional<Type> type;
    std::optional<std::pair<Extents, std::uint64_t>> space;         // extents, and number of values
    std::optional<std::pair<std::uint64_t, std::uint64_t>> values;  // address and size
    std::map<std::string, Array> attributes;
  };

  // Takes a whole file, which must stay in memory; `name` begins the messages.
  Hdf5Structure(std::span<const char> bytes, std::string name);

  std::size_t size() const { return bytes_.size(); }
  [[noreturn]] void fail(const std::string& what) const;
  [[noreturn]] void fail(const std::string& path, const std::string& what) const;
  std::span<const char> at(std::uint64_t address, std::uint64_t size) const;
  // Reads an unsigned integer of `size` bytes.
  std::uint64_t number(std::uint64_t address, std::size_t size) const;

  // Returns the address of an object's header.
  std::optional<std::uint64_t> find(const std::string& path) const;
  Object object(const std::string& path) const;
  // Returns the names in a group, in the file's order; none if the group does not exist.
  std::vector<std::string> names(const std::string& path) const;

 private:
  // The names in a group and the addresses of their headers.
  struct Entries {
    std::vector<std::pair<std::string, std::uint64_t>> in_order;
    std::map<std::string, std::uint64_t> by_name;
  };

  std::string text_at(std::uint64_t address, std::uint64_t end) const;

  Object object_at(std::uint64_t address) const;
  void read_message(std::uint64_t type, std::uint64_t address, std::uint64_t size, std::uint64_t flags,
                    Object& object) const;
  Type type_at(std::uint64_t address, std::uint64_t size) const;
  std::pair<Extents, std::uint64_t> space_at(std::uint64_t address, std::uint64_t size) const;
  void read_layout(std::uint64_t address, std::uint64_t size, Object& object) const;
  void read_attribute(std::uint64_t address, std::uint64_t size, Object& object) const;
  const Entries& entries_of(const Object& group) const;
  void add_entries(std::uint64_t tree, std::uint64_t names, std::size_t level, std::size_t& budget,
                   Entries& entries) const;

  std::span<const char> bytes_;
  std::string name_;
  std::uint64_t root_ = 0;
  // The groups read so far, by address, since a group with many layers is searched once per layer.
  mutable std::map<std::pair<std::uint64_t, std::uint64_t>, Entries> entries_;
  mutable std::size_t kept_ = 0;  // entries in all of these
};

}  // namespace xeras::io
