#include "io/hdf5_structure.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <tuple>

#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// The message types in an object's header.
enum Message : std::uint64_t {
  nothing = 0x0,
  dataspace = 0x1,
  link_info = 0x2,
  datatype = 0x3,
  link = 0x6,
  external_files = 0x7,
  layout = 0x8,
  filters = 0xb,
  attribute = 0xc,
  continuation = 0x10,
  symbol_table = 0x11,
  attribute_info = 0x15,
};

}  // namespace

// ---- Bytes ----

void Hdf5Structure::fail(const std::string& what) const { fail("", what); }

void Hdf5Structure::fail(const std::string& path, const std::string& what) const {
  throw FileError(path.empty() ? fmt::format("{}: {}.", name_, what) : fmt::format("{}: {}: {}.", name_, path, what));
}

std::span<const char> Hdf5Structure::at(std::uint64_t address, std::uint64_t size) const {
  if (address > bytes_.size() || size > bytes_.size() - address) {
    fail(fmt::format("{} bytes at {} lie beyond the end; the file is damaged or cut off", size, address));
  }
  return bytes_.subspan(address, size);
}

std::uint64_t Hdf5Structure::number(std::uint64_t address, std::size_t size) const {
  std::uint64_t value = 0;
  const std::span<const char> bytes = at(address, size);
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

std::string Hdf5Structure::text_at(std::uint64_t address, std::uint64_t end) const {
  if (address > end) fail("a name lies outside the list of names; the file is damaged");
  const std::span<const char> bytes = at(address, end - address);
  const auto last = std::find(bytes.begin(), bytes.end(), '\0');
  if (last == bytes.end()) fail("a name has no end; the file is damaged");
  return {bytes.begin(), last};
}

Hdf5Structure::Hdf5Structure(std::span<const char> bytes, std::string name) : bytes_(bytes), name_(std::move(name)) {
  constexpr std::string_view signature("\x89HDF\r\n\x1a\n", 8);
  constexpr std::uint64_t header_size = 96;
  if (bytes.size() < header_size || std::string_view(bytes.data(), 8) != signature) {
    fail("is not an HDF5 file; expected one. The file may be damaged");
  }
  if (number(8, 1) != 0) {
    fail(fmt::format("has superblock {}; expected 0, HDF5's default", number(8, 1)));
  }
  if (number(13, 1) != 8 || number(14, 1) != 8 || number(24, 8) != 0) {
    fail("has addresses other than 64-bit offsets from the start of the file; expected these");
  }
  root_ = number(64, 8);
}

// ---- The header of an object ----

Hdf5Structure::Object Hdf5Structure::object_at(std::uint64_t address) const {
  if (number(address, 1) != 1) fail(fmt::format("the object at {} has a header of another version than 1", address));
  Object object;
  std::uint64_t left = number(address + 2, 2);
  std::vector<std::pair<std::uint64_t, std::uint64_t>> blocks{{address + 16, number(address + 8, 4)}};
  for (std::size_t block = 0; block < blocks.size(); ++block) {
    auto [place, size] = blocks[block];
    at(place, size);
    const std::uint64_t end = place + size;
    for (; left > 0 && place + 8 <= end; --left) {
      const std::uint64_t type = number(place, 2), length = number(place + 2, 2), flags = number(place + 4, 1);
      place += 8;
      if (length > end - place) fail(fmt::format("a message at {} is too long; the file is damaged", place));
      if (type == continuation) {
        // Each block needs a message that names it, which bounds the number of blocks.
        if (length < 16) fail(fmt::format("a message at {} is too short; the file is damaged", place));
        blocks.emplace_back(number(place, 8), number(place + 8, 8));
      } else {
        read_message(type, place, length, flags, object);
      }
      place += length;
    }
  }
  return object;
}

void Hdf5Structure::read_message(std::uint64_t type, std::uint64_t address, std::uint64_t size, std::uint64_t flags,
                                 Object& object) const {
  const auto refuse = [&](const char* what) {
    fail(fmt::format("the object at {} {}; expected what HDF5 writes by default", address, what));
  };
  if ((flags & 2) != 0 && type != nothing) refuse("shares a part of its description");
  switch (type) {
    case dataspace:
      object.space = space_at(address, size);
      break;
    case datatype:
      object.type = type_at(address, size);
      break;
    case layout:
      read_layout(address, size, object);
      break;
    case attribute:
      read_attribute(address, size, object);
      break;
    case symbol_table:
      if (size < 16) refuse("has a description that is cut off");
      object.group = {number(address, 8), number(address + 8, 8)};
      break;
    case external_files:
      refuse("has its numbers in another file");
      break;
    case filters:
      refuse("is compressed");
      break;
    case link:
    case link_info:
      refuse("is a group of a newer kind");
      break;
    case attribute_info:
      refuse("has attributes of a newer kind");
      break;
    default:  // times, fill values, comments: irrelevant to the numbers
      break;
  }
}

Hdf5Structure::Type Hdf5Structure::type_at(std::uint64_t address, std::uint64_t size) const {
  if (size < 8) fail(fmt::format("the type at {} is cut off; the file is damaged", address));
  const std::uint64_t kind = number(address, 1) & 15, bits = number(address + 1, 3);
  Type type{.size = static_cast<std::uint32_t>(number(address + 4, 4))};
  const bool is_big_endian = (bits & 1) != 0;
  const bool fits = type.size == 1 || type.size == 2 || type.size == 4 || type.size == 8;
  if (kind == 0 && fits && !is_big_endian) {
    type.kind = (bits & 8) != 0 ? Type::Kind::integer : Type::Kind::unsigned_integer;
  } else if (kind == 1 && fits && !is_big_endian && size >= 20) {
    // The start and size of the exponent and of the mantissa, which must be those of IEEE 754.
    const std::uint64_t parts = number(address + 12, 4);
    const bool is_ieee = (type.size == 4 && parts == 0x17000817) || (type.size == 8 && parts == 0x34000b34) ||
                         (type.size == 2 && parts == 0x0a00050a);
    if (is_ieee) type.kind = Type::Kind::real;
  } else if (kind == 3) {
    type.kind = Type::Kind::text;
  } else if (kind == 5) {
    type.kind = Type::Kind::opaque;
  } else if (kind == 9 && (bits & 15) == 1 && type.size == 16) {
    type.kind = Type::Kind::variable_text;
  }
  return type;
}

std::pair<Extents, std::uint64_t> Hdf5Structure::space_at(std::uint64_t address, std::uint64_t size) const {
  if (size < 4) fail(fmt::format("the shape at {} is cut off; the file is damaged", address));
  const std::uint64_t version = number(address, 1), rank = number(address + 1, 1);
  const std::uint64_t first = version == 1 ? 8 : 4;
  if ((version != 1 && version != 2) || rank > Extents::max_rank || first + 8 * rank > size) {
    fail(fmt::format("the shape at {} has {} axes, or is damaged; expected at most {}", address, rank,
                     Extents::max_rank));
  }
  Extents extents;
  std::uint64_t count = version == 2 && number(address + 3, 1) == 2 ? 0 : 1;  // 2: no values at all
  for (std::uint64_t axis = 0; axis < rank; ++axis) {
    const std::uint64_t length = number(address + first + 8 * axis, 8);
    // Values have at least 1 byte each, so a file is at least as long as their number.
    if (length > bytes_.size()) fail(fmt::format("the shape at {} is larger than the file", address));
    extents.push_back(static_cast<std::int64_t>(length));
    if (__builtin_mul_overflow(count, length, &count)) fail(fmt::format("the shape at {} overflows", address));
  }
  return {extents, count};
}

void Hdf5Structure::read_layout(std::uint64_t address, std::uint64_t size, Object& object) const {
  const std::uint64_t version = size > 1 ? number(address, 1) : 0, kind = size > 1 ? number(address + 1, 1) : 2;
  if (version == 3 && kind == 0 && size >= 4) {
    const std::uint64_t length = number(address + 2, 2);
    if (length > size - 4) fail(fmt::format("the values at {} are cut off; the file is damaged", address));
    object.values = {address + 4, length};
  } else if (version == 3 && kind == 1 && size >= 18) {
    object.values = {number(address + 2, 8), number(address + 10, 8)};
  } else {
    fail(
        fmt::format("the array at {} is not contiguous; expected it as HDF5 writes it by default. Convert the file "
                    "with h5repack -l CONTI -f NONE",
                    address));
  }
}

void Hdf5Structure::read_attribute(std::uint64_t address, std::uint64_t size, Object& object) const {
  const auto damaged = [&] { fail(fmt::format("the attribute at {} is damaged", address)); };
  if (size < 8) damaged();
  const std::uint64_t version = number(address, 1);
  if (version < 1 || version > 3 || (version > 1 && number(address + 1, 1) != 0)) {
    fail(fmt::format("the attribute at {} is of another kind than those of HDF5's default settings", address));
  }
  const std::uint64_t name_size = number(address + 2, 2), type_size = number(address + 4, 2),
                      space_size = number(address + 6, 2);
  const auto padded = [&](std::uint64_t length) { return version == 1 ? up_to_8(length) : length; };
  const std::uint64_t name = address + (version == 3 ? 9 : 8), type = name + padded(name_size),
                      space = type + padded(type_size), values = space + padded(space_size);
  if (values > address + size) damaged();
  Array array;
  array.type = type_at(type, type_size);
  std::tie(array.extents, array.count) = space_at(space, space_size);
  array.address = values;
  if (__builtin_mul_overflow(array.count, std::uint64_t{array.type.size}, &array.size) ||
      array.size > address + size - values) {
    damaged();
  }
  object.attributes[text_at(name, type)] = array;
}

// ---- Groups ----

void Hdf5Structure::add_entries(std::uint64_t tree, std::uint64_t names, std::size_t level, std::size_t& budget,
                                Entries& entries) const {
  const auto has_signature = [&](std::uint64_t address, const char* signature) {
    return std::memcmp(at(address, 4).data(), signature, 4) == 0;
  };
  const auto damaged = [&] { fail(fmt::format("the group at {} is damaged", tree)); };
  const auto spend = [&](std::size_t entries_read) {
    if (entries_read > budget) damaged();  // more entries than the file has room for: parts are listed twice
    budget -= entries_read;
  };
  const std::uint64_t segment_size = number(names + 8, 8), segment = number(names + 24, 8);
  at(segment, segment_size);
  if (!has_signature(names, "HEAP") || !has_signature(tree, "TREE") || number(tree + 4, 1) != 0) damaged();
  const std::uint64_t own_level = number(tree + 5, 1);
  // The levels must decrease, so that no tree contains itself.
  if (own_level >= level) damaged();
  const std::uint64_t children = number(tree + 6, 2);
  spend(children);
  for (std::uint64_t child = 0; child < children; ++child) {
    const std::uint64_t node = number(tree + 32 + 16 * child, 8);
    if (own_level > 0) {
      add_entries(node, names, own_level, budget, entries);
      continue;
    }
    if (!has_signature(node, "SNOD")) damaged();
    const std::uint64_t count = number(node + 6, 2);
    spend(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t entry = node + 8 + 40 * i, offset = number(entry, 8);
      if (offset >= segment_size) damaged();
      std::string name = text_at(segment + offset, segment + segment_size);
      spend(name.size() / 16);
      constexpr std::uint64_t symbolic_link = 2;
      if (number(entry + 16, 4) == symbolic_link) {
        fail(fmt::format("{} is a symbolic link; expected the object itself", name));
      }
      entries.in_order.emplace_back(std::move(name), number(entry + 8, 8));
    }
  }
}

const Hdf5Structure::Entries& Hdf5Structure::entries_of(const Object& group) const {
  if (const auto found = entries_.find(*group.group); found != entries_.end()) return found->second;
  const std::size_t most = bytes_.size() / 16;  // beyond that, entries of groups that share their parts are not cached
  Entries entries;
  std::size_t budget = most;
  add_entries(group.group->first, group.group->second, 256, budget, entries);
  for (const auto& [name, header] : entries.in_order) entries.by_name.emplace(name, header);
  kept_ += entries.in_order.size();
  if (kept_ > most) {
    entries_.clear();
    kept_ = entries.in_order.size();
  }
  return entries_.emplace(*group.group, std::move(entries)).first->second;
}

std::optional<std::uint64_t> Hdf5Structure::find(const std::string& path) const {
  std::uint64_t address = root_;
  for (std::size_t first = 0; first < path.size();) {
    const std::size_t last = std::min(path.find('/', first), path.size());
    const std::string part = path.substr(first, last - first);
    first = last + 1;
    if (part.empty()) continue;
    const Object object = object_at(address);
    if (!object.group) return {};
    const Entries& entries = entries_of(object);
    const auto found = entries.by_name.find(part);
    if (found == entries.by_name.end()) return {};
    address = found->second;
  }
  return address;
}

Hdf5Structure::Object Hdf5Structure::object(const std::string& path) const {
  const std::optional<std::uint64_t> address = find(path);
  if (!address) fail(path, "is missing; expected what Keras writes there");
  return object_at(*address);
}

std::vector<std::string> Hdf5Structure::names(const std::string& path) const {
  std::vector<std::string> names;
  const std::optional<std::uint64_t> address = find(path);
  if (!address) return names;
  const Object found = object_at(*address);
  if (!found.group) fail(path, "is not a group; expected one");
  for (const auto& [name, header] : entries_of(found).in_order) names.push_back(name);
  return names;
}

}  // namespace xeras::io
