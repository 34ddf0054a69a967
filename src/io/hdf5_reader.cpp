#include "io/hdf5_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>

#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

constexpr std::uint64_t undefined_address = ~std::uint64_t{0};

float half_to_float(std::uint64_t bits) {
  const auto exponent = static_cast<int>(bits >> 10 & 31);
  const auto mantissa = static_cast<double>(bits & 1023);
  double value = 0.0;
  if (exponent == 31) {
    value = mantissa == 0.0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  } else {
    value = exponent == 0 ? std::ldexp(mantissa, -24) : std::ldexp(1024.0 + mantissa, exponent - 25);
  }
  return static_cast<float>(bits >> 15 != 0 ? -value : value);
}

using Type = Hdf5Structure::Type;

// HDF5 has no bfloat16; Keras writes its bytes, the upper half of a float, as an opaque type.
bool is_bfloat16(const Type& type) { return type.kind == Type::Kind::opaque && type.size == 2; }

bool is_real(const Type& type) { return type.kind == Type::Kind::real || is_bfloat16(type); }

double as_number(std::uint64_t bits, const Type& type) {
  if (is_bfloat16(type)) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits << 16)));
  if (type.kind == Type::Kind::real) {
    if (type.size == 8) return std::bit_cast<double>(bits);
    if (type.size == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return static_cast<double>(half_to_float(bits));
  }
  if (type.kind == Type::Kind::unsigned_integer) return static_cast<double>(bits);
  const unsigned unused = 64 - 8 * type.size;
  return static_cast<double>(static_cast<std::int64_t>(bits << unused) >> unused);
}

}  // namespace

// ---- Arrays ----

Hdf5Reader::Array Hdf5Reader::array(const std::string& path) const {
  const Object found = file_.object(path);
  if (found.group) file_.fail(path, "is a group; expected an array");
  if (!found.type || !found.space || !found.values) file_.fail(path, "is not an array; expected one");
  Array array{.type = *found.type, .extents = found.space->first, .count = found.space->second};
  using Kind = Type::Kind;
  const bool is_integer = array.type.kind == Kind::integer || array.type.kind == Kind::unsigned_integer;
  const bool is_number =
      array.type.kind == Kind::real || (is_bfloat16(array.type) && text(path, "dtype") == "bfloat16");
  if (!is_integer && !is_number) {
    file_.fail(path, "has a type that is not a number in this machine's byte order; expected float32");
  }
  std::tie(array.address, array.size) = *found.values;
  std::uint64_t needed = 0;
  if (__builtin_mul_overflow(array.count, std::uint64_t{array.type.size}, &needed)) file_.fail(path, "is too large");
  if (needed > 0 && (array.address == undefined_address || array.size < needed)) {
    file_.fail(path, "has fewer numbers than its shape says; the file is damaged");
  }
  array.size = needed;
  if (needed > 0) file_.at(array.address, needed);
  return array;
}

Extents Hdf5Reader::extents(const std::string& path) const { return array(path).extents; }

bool Hdf5Reader::holds_integers(const std::string& path) const { return !is_real(array(path).type); }

Hdf5Reader::Array Hdf5Reader::array_of(const std::string& path, const Extents& expected) const {
  const Array found = array(path);
  if (!(found.extents == expected) || found.extents.rank() != expected.rank()) {
    file_.fail(path, fmt::format("has shape {}; expected {}", found.extents.to_string(), expected.to_string()));
  }
  return found;
}

void Hdf5Reader::check(const std::string& path, const Extents& expected) const { array_of(path, expected); }

void Hdf5Reader::read(const std::string& path, const Extents& expected, float* to) const {
  const Array found = array_of(path, expected);
  if (found.count == 0) return;
  if (found.type.kind == Type::Kind::real && found.type.size == sizeof(float) &&
      std::endian::native == std::endian::little) {
    std::memcpy(to, file_.at(found.address, found.size).data(), found.size);
    return;
  }
  for (std::uint64_t i = 0; i < found.count; ++i) {
    const std::uint64_t bits = file_.number(found.address + i * found.type.size, found.type.size);
    to[i] = static_cast<float>(as_number(bits, found.type));
  }
}

double Hdf5Reader::read_number(const std::string& path) const {
  const Array found = array(path);
  if (found.count != 1) file_.fail(path, "is an array; expected one number");
  return as_number(file_.number(found.address, found.type.size), found.type);
}

std::int64_t Hdf5Reader::read_integer(const std::string& path) const {
  const Array found = array(path);
  if (found.count != 1) file_.fail(path, "is an array; expected one number");
  const std::uint64_t bits = file_.number(found.address, found.type.size);
  const unsigned unused = 64 - 8 * found.type.size;
  const bool is_signed = found.type.kind == Type::Kind::integer;
  if (is_real(found.type) || (!is_signed && bits >> 63 != 0)) file_.fail(path, "is not an integer");
  return is_signed ? static_cast<std::int64_t>(bits << unused) >> unused : static_cast<std::int64_t>(bits);
}

// ---- Attributes ----

std::optional<std::string> Hdf5Reader::text(const std::string& path, const std::string& attribute) const {
  std::optional<std::vector<std::string>> found = texts(path, attribute);
  if (!found) return {};
  if (found->size() != 1) file_.fail(path, fmt::format("attribute {} is a list; expected one text", attribute));
  return std::move(found->front());
}

std::optional<std::vector<std::string>> Hdf5Reader::texts(const std::string& path, const std::string& attribute) const {
  const Object found = file_.object(path);
  const auto texts_of = [&](const std::string& name) -> std::optional<std::vector<std::string>> {
    const auto array = found.attributes.find(name);
    if (array == found.attributes.end()) return {};
    return texts_in(array->second, fmt::format("{}attribute {}", path.empty() ? "" : path + ": ", name));
  };
  if (auto whole = texts_of(attribute)) return whole;
  std::optional<std::vector<std::string>> all = texts_of(attribute + "0");
  for (int i = 1; all; ++i) {
    const auto part = texts_of(fmt::format("{}{}", attribute, i));
    if (!part) break;
    all->insert(all->end(), part->begin(), part->end());
  }
  return all;
}

std::vector<std::string> Hdf5Reader::texts_in(const Array& array, const std::string& where) const {
  std::vector<std::string> texts;
  if (array.count == 0) return texts;
  if (array.type.kind == Type::Kind::text) {
    for (std::uint64_t i = 0; i < array.count; ++i) {
      const std::span<const char> bytes = file_.at(array.address + i * array.type.size, array.type.size);
      texts.emplace_back(bytes.begin(), std::find(bytes.begin(), bytes.end(), '\0'));
    }
    return texts;
  }
  if (array.type.kind != Type::Kind::variable_text) file_.fail(where + " is not a text; expected one");
  // The texts must fit into the size of the file; otherwise a text listed many times would take more memory than the
  // file.
  std::uint64_t budget = file_.size(), scans = 8 * file_.size();
  for (std::uint64_t i = 0; i < array.count; ++i) {
    const std::uint64_t entry = array.address + 16 * i, size = file_.number(entry, 4);
    if (size > budget) file_.fail(where + " is larger than the file");
    budget -= size;
    texts.push_back(size == 0 ? std::string()
                              : global_text(file_.number(entry + 4, 8), file_.number(entry + 12, 4), size, scans));
  }
  return texts;
}

std::string Hdf5Reader::global_text(std::uint64_t collection, std::uint64_t index, std::uint64_t size,
                                    std::uint64_t& scans) const {
  const std::uint64_t length = file_.number(collection + 8, 8);
  const std::span<const char> bytes = file_.at(collection, length);
  if (length < 16 || std::memcmp(bytes.data(), "GCOL", 4) != 0) {
    file_.fail(fmt::format("the texts at {} are damaged", collection));
  }
  const std::uint64_t end = collection + length;
  for (std::uint64_t place = collection + 16; place + 16 <= end && scans > 0; --scans) {
    const std::uint64_t own_index = file_.number(place, 2), own_size = file_.number(place + 8, 8);
    place += 16;
    if (own_size > end - place) break;
    if (own_index == index) {
      if (size > own_size) break;
      const std::span<const char> text = file_.at(place, size);
      return {text.begin(), std::find(text.begin(), text.end(), '\0')};
    }
    if (own_index == 0) break;  // the free space at the end
    place += up_to_8(own_size);
  }
  file_.fail(fmt::format("text {} at {} is missing; the file is damaged", index, collection));
}

}  // namespace xeras::io
