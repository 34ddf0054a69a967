#include "io/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <hdf5_hl.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <mutex>
#include <utility>

#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

static_assert(std::is_same_v<hid_t, std::int64_t>);

// HDF5 as systems package it takes one thread at a time, and prints errors unless it is told not to: here to nobody
// else, since the program may use it as well.
class Session {
 public:
  Session() : lock_(mutex()) {
    H5Eget_auto2(H5E_DEFAULT, &print_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Session() { H5Eset_auto2(H5E_DEFAULT, print_, data_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

 private:
  static std::recursive_mutex& mutex() {
    static std::recursive_mutex mutex;
    return mutex;
  }
  std::lock_guard<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

// Closes what an id stands for.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Id& operator=(Id&&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  explicit operator bool() const { return id_ >= 0; }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

Id type_of_text() {
  Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  for (std::size_t first = 0; first < path.size();) {
    const std::size_t last = std::min(path.find('/', first), path.size());
    if (last > first) parts.push_back(path.substr(first, last - first));
    first = last + 1;
  }
  return parts;
}

}  // namespace

Hdf5File::Hdf5File(std::string name, std::int64_t file, std::int64_t size)
    : name_(std::move(name)), file_(file), size_(size) {
  if (file_ < 0) throw FileError(fmt::format("{}: is no HDF5 file; expected one. The file may be damaged.", name_));
}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept
    : name_(std::move(other.name_)), file_(std::exchange(other.file_, -1)), size_(other.size_) {}

Hdf5File::~Hdf5File() {
  if (file_ < 0) return;
  const Session session;
  H5Fclose(file_);
}

void Hdf5File::close() {
  const Session session;
  if (H5Fclose(std::exchange(file_, -1)) < 0) fail("", "cannot be written; expected a place with room for it");
}

Hdf5File Hdf5File::open(const std::string& path) {
  std::error_code error;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(path, error));
  if (error) throw FileError(fmt::format("{}: {}; expected a file that can be read.", path, error.message()));
  const Session session;
  return {path, H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), size};
}

Hdf5File Hdf5File::open(std::span<const char> image, const std::string& name) {
  const Session session;
  // The library only reads an image that it is told not to copy.
  void* bytes = const_cast<char*>(image.data());
  return {name, H5LTopen_file_image(bytes, image.size(), H5LT_FILE_IMAGE_DONT_COPY | H5LT_FILE_IMAGE_DONT_RELEASE),
          static_cast<std::int64_t>(image.size())};
}

Hdf5File Hdf5File::create(const std::string& path) {
  const Session session;
  const hid_t file = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  if (file < 0) throw FileError(fmt::format("{}: cannot be created; expected a place that can be written.", path));
  return {path, file, 0};
}

void Hdf5File::fail(const std::string& path, const std::string& what) const {
  throw FileError(path.empty() ? fmt::format("{}: {}.", name_, what) : fmt::format("{}: {}: {}.", name_, path, what));
}

// Reading

// Step by step, since a link may lead to another file.
bool Hdf5File::has(const std::string& path) const {
  const Session session;
  std::string way;
  for (const std::string& part : parts_of(path)) {
    way += "/" + part;
    if (H5Lexists(file_, way.c_str(), H5P_DEFAULT) <= 0) return false;
    H5L_info_t link;
    if (H5Lget_info(file_, way.c_str(), &link, H5P_DEFAULT) < 0) fail(path, "has a link that cannot be read");
    if (link.type != H5L_TYPE_HARD) fail(path, "is a link to elsewhere; expected the thing itself");
  }
  return true;
}

std::int64_t Hdf5File::open_object(const std::string& path) const {
  if (!has(path)) fail(path, "is missing; expected what Keras writes there");
  const hid_t object = H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT);
  if (object < 0) fail(path, "cannot be read; the file may be damaged");
  return object;
}

std::vector<std::string> Hdf5File::names(const std::string& path) const {
  const Session session;
  std::vector<std::string> names;
  if (!has(path)) return names;
  const Id group(open_object(path), H5Oclose);
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  if (H5Iget_type(group) != H5I_GROUP) fail(path, "is no group; expected one");
  hsize_t position = 0;
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, add, &names) < 0) {
    fail(path, "cannot be listed; the file may be damaged");
  }
  return names;
}

std::int64_t Hdf5File::open_numbers(const std::string& path) const {
  Id dataset(open_object(path), H5Oclose);
  if (H5Iget_type(dataset) != H5I_DATASET) fail(path, "is a group; expected an array");
  const Id layout(H5Dget_create_plist(dataset), H5Pclose);
  if (!layout || H5Pget_layout(layout) == H5D_VIRTUAL || H5Pget_external_count(layout) != 0) {
    fail(path, "has its numbers elsewhere; expected them in this file");
  }
  const Id type(H5Dget_type(dataset), H5Tclose);
  const H5T_class_t kind = type ? H5Tget_class(type) : H5T_NO_CLASS;
  if (kind != H5T_FLOAT && kind != H5T_INTEGER) fail(path, "has a type that is no number; expected float32");
  if (H5Tget_size(type) > 8) fail(path, "has numbers of more than 64 bits; expected float32");
  const hid_t id = dataset;
  H5Iinc_ref(id);
  return id;
}

Extents Hdf5File::extents(const std::string& path) const {
  const Session session;
  const Id dataset(open_numbers(path), H5Oclose);
  const Id space(H5Dget_space(dataset), H5Sclose);
  const int rank = space ? H5Sget_simple_extent_ndims(space) : -1;
  if (rank < 0 || static_cast<std::size_t>(rank) > Extents::max_rank) {
    fail(path, fmt::format("has {} axes; expected at most {}", rank, Extents::max_rank));
  }
  hsize_t dims[Extents::max_rank] = {};
  H5Sget_simple_extent_dims(space, dims, nullptr);
  Extents extents;
  std::int64_t size = 1;
  for (int axis = 0; axis < rank; ++axis) {
    std::int64_t length = 0;
    if (__builtin_add_overflow(dims[axis], 0, &length) ||
        __builtin_mul_overflow(size, std::max<std::int64_t>(1, length), &size)) {
      fail(path, "has an axis that no memory holds; expected a weight");
    }
    extents.push_back(length);
  }
  return extents;
}

bool Hdf5File::holds_integers(const std::string& path) const {
  const Session session;
  const Id dataset(open_numbers(path), H5Oclose);
  const Id type(H5Dget_type(dataset), H5Tclose);
  return H5Tget_class(type) == H5T_INTEGER;
}

void Hdf5File::read(const std::string& path, const Extents& expected, float* to) const {
  const Session session;
  const Extents found = extents(path);
  if (!(found == expected) || found.rank() != expected.rank()) {
    fail(path, fmt::format("has shape {}; expected {}", found.to_string(), expected.to_string()));
  }
  if (expected.size() == 0) return;
  const Id dataset(open_numbers(path), H5Oclose);
  if (H5Dread(dataset, H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, to) < 0) {
    fail(path, "cannot be read; the file may be damaged");
  }
}

double Hdf5File::read_number(const std::string& path) const {
  const Session session;
  if (extents(path).size() != 1) fail(path, "is an array; expected one number");
  const Id dataset(open_numbers(path), H5Oclose);
  double value = 0.0;
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0) fail(path, "cannot be read");
  return value;
}

std::int64_t Hdf5File::read_integer(const std::string& path) const {
  const Session session;
  if (extents(path).size() != 1) fail(path, "is an array; expected one number");
  const Id dataset(open_numbers(path), H5Oclose);
  std::int64_t value = 0;
  if (H5Dread(dataset, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &value) < 0) fail(path, "cannot be read");
  return value;
}

std::optional<std::string> Hdf5File::text(const std::string& path, const std::string& attribute) const {
  std::optional<std::vector<std::string>> found = texts(path, attribute);
  if (!found) return {};
  if (found->size() != 1) fail(path, fmt::format("attribute {} is a list; expected one text", attribute));
  return std::move(found->front());
}

std::optional<std::vector<std::string>> Hdf5File::texts(const std::string& path, const std::string& attribute) const {
  const Session session;
  const Id object(open_object(path), H5Oclose);
  if (H5Aexists(object, attribute.c_str()) <= 0) {
    if (H5Aexists(object, (attribute + "0").c_str()) <= 0) return {};
    std::vector<std::string> all;
    for (int i = 0; H5Aexists(object, fmt::format("{}{}", attribute, i).c_str()) > 0; ++i) {
      const std::optional<std::vector<std::string>> part = texts(path, fmt::format("{}{}", attribute, i));
      all.insert(all.end(), part->begin(), part->end());
    }
    return all;
  }
  const auto damaged = [&] {
    fail(path, fmt::format("attribute {} cannot be read; the file may be damaged", attribute));
  };
  const Id handle(H5Aopen(object, attribute.c_str(), H5P_DEFAULT), H5Aclose);
  if (!handle) damaged();
  const Id type(H5Aget_type(handle), H5Tclose);
  const Id space(H5Aget_space(handle), H5Sclose);
  const hssize_t count = space ? H5Sget_simple_extent_npoints(space) : -1;
  if (!type || count < 0 || count > size_) damaged();
  std::vector<std::string> result;
  if (count == 0) return result;
  if (H5Tget_class(type) != H5T_STRING) fail(path, fmt::format("attribute {} is no text; expected one", attribute));
  if (H5Tis_variable_str(type) > 0) {
    const Id memory_type = type_of_text();
    // With the character set of the file: HDF5 converts no text.
    H5Tset_cset(memory_type, H5Tget_cset(type));
    std::vector<char*> found(static_cast<std::size_t>(count), nullptr);
    if (H5Aread(handle, memory_type, found.data()) < 0) damaged();
    for (const char* text : found) result.emplace_back(text != nullptr ? text : "");
    H5Dvlen_reclaim(memory_type, space, H5P_DEFAULT, found.data());
    return result;
  }
  const std::size_t width = H5Tget_size(type);
  if (width == 0 || static_cast<std::int64_t>(width) > size_ / std::max<hssize_t>(1, count)) damaged();
  std::vector<char> bytes(width * static_cast<std::size_t>(count));
  if (H5Aread(handle, type, bytes.data()) < 0) damaged();
  for (std::size_t first = 0; first < bytes.size(); first += width) {
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(first);
    result.emplace_back(begin, std::find(begin, begin + static_cast<std::ptrdiff_t>(width), '\0'));
  }
  return result;
}

// Writing

void Hdf5File::make_group(const std::string& path) {
  const Session session;
  if (has(path)) return;
  const Id links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  H5Pset_char_encoding(links, H5T_CSET_UTF8);
  const Id group(H5Gcreate2(file_, path.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  if (!group) fail(path, "cannot be written");
}

void Hdf5File::write_array(const std::string& path, const Extents& extents, std::int64_t file_type,
                           std::int64_t memory_type, const void* values) {
  const Session session;
  hsize_t dims[Extents::max_rank] = {};
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) dims[axis] = static_cast<hsize_t>(extents[axis]);
  const Id space(
      extents.rank() == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(extents.rank()), dims, nullptr),
      H5Sclose);
  const Id links(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
  H5Pset_create_intermediate_group(links, 1);
  H5Pset_char_encoding(links, H5T_CSET_UTF8);
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  const Id dataset(H5Dcreate2(file_, path.c_str(), file_type, space, links, creation, H5P_DEFAULT), H5Dclose);
  if (!dataset || (extents.size() > 0 && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) {
    fail(path, "cannot be written; expected a place with room for it");
  }
}

void Hdf5File::write(const std::string& path, const Extents& extents, const float* values) {
  const Session session;
  write_array(path, extents, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, values);
}

void Hdf5File::write_number(const std::string& path, float value) {
  const Session session;
  write_array(path, {}, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, &value);
}

void Hdf5File::write_integer(const std::string& path, std::int64_t value) {
  const Session session;
  write_array(path, {}, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void Hdf5File::set_text(const std::string& path, const std::string& attribute, const std::string& text) {
  const Session session;
  const Id object(open_object(path), H5Oclose);
  const Id type = type_of_text();
  const Id space(H5Screate(H5S_SCALAR), H5Sclose);
  const Id handle(H5Acreate2(object, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const char* value = text.c_str();
  if (!handle || H5Awrite(handle, type, &value) < 0) fail(path, "cannot be written");
}

void Hdf5File::set_texts(const std::string& path, const std::string& attribute, const std::vector<std::string>& list) {
  // An attribute of more than this, in bytes, has no room in an object's header; the texts take 16 each there.
  constexpr std::size_t most = 64512 / 16;
  if (list.size() > most) {
    for (std::size_t first = 0, part = 0; first < list.size(); first += most, ++part) {
      const auto begin = list.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = begin + static_cast<std::ptrdiff_t>(std::min(most, list.size() - first));
      set_texts(path, fmt::format("{}{}", attribute, part), {begin, end});
    }
    return;
  }
  const Session session;
  const Id object(open_object(path), H5Oclose);
  const Id type = type_of_text();
  const hsize_t count = list.size();
  const Id space(H5Screate_simple(1, &count, nullptr), H5Sclose);
  const Id handle(H5Acreate2(object, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  std::vector<const char*> values;
  for (const std::string& text : list) values.push_back(text.c_str());
  if (!handle || (count > 0 && H5Awrite(handle, type, values.data()) < 0)) fail(path, "cannot be written");
}

}  // namespace xeras::io
