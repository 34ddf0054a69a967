#include "io/hdf5_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <hdf5.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <utility>

#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

static_assert(std::is_same_v<hid_t, std::int64_t>);

// Packaged HDF5 libraries serve one thread at a time and print errors by default. A Session holds the lock and silences
// the errors in its own scope only, since the program may use HDF5 too.
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
  static std::mutex& mutex() {
    static std::mutex mutex;
    return mutex;
  }
  std::lock_guard<std::mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* data_ = nullptr;
};

// Closes the object of an id.
class Id {
 public:
  Id(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
  Id(const Id&) = delete;
  Id& operator=(const Id&) = delete;
  ~Id() {
    if (id_ >= 0) close_(id_);
  }
  explicit operator bool() const { return id_ >= 0; }
  operator hid_t() const { return id_; }

 private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

void write_file(const std::string& path, const std::string& name, std::string_view bytes) {
  constexpr std::size_t most = std::size_t{1} << 30;  // at a time
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
  bool fits = file >= 0;
  while (fits && !bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), std::min(most, bytes.size()));
    fits = written > 0 || (written < 0 && errno == EINTR);
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  const int error = errno;
  const bool closed = file < 0 || ::close(file) == 0;
  if (fits && closed) return;
  throw FileError(fmt::format("{}: {}; expected a place to write, with room for the file.", name,
                              std::strerror(fits ? errno : error)));
}

hid_t making_groups() {
  const hid_t links = H5Pcreate(H5P_LINK_CREATE);
  H5Pset_create_intermediate_group(links, 1);
  return links;
}

}  // namespace

Hdf5Writer::Hdf5Writer(const std::string& path, const std::string& name)
    : path_(path), name_(name.empty() ? path : name) {
  constexpr std::size_t grows_by = std::size_t{1} << 20;
  const Session session;
  const Id in_memory(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_fapl_core(in_memory, grows_by, false);
  file_ = H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, in_memory);
  if (file_ < 0) fail("");
}

Hdf5Writer::~Hdf5Writer() {
  if (file_ < 0) return;
  const Session session;
  H5Fclose(file_);
}

void Hdf5Writer::close() {
  write_file(path_, name_, bytes());
  const Session session;
  H5Fclose(std::exchange(file_, -1));
}

std::string_view Hdf5Writer::bytes() {
  const Session session;
  void* memory = nullptr;  // points to the address of the bytes; the buffer is longer than the file
  const bool flushed = H5Fflush(file_, H5F_SCOPE_GLOBAL) >= 0;
  const ssize_t size = flushed ? H5Fget_file_image(file_, nullptr, 0) : -1;
  if (size < 0 || H5Fget_vfd_handle(file_, H5P_DEFAULT, &memory) < 0) fail("");
  return {*static_cast<const char* const*>(memory), static_cast<std::size_t>(size)};
}

void Hdf5Writer::fail(const std::string& path) const {
  throw FileError(fmt::format("{}{}{}: cannot be assembled in memory; expected memory for the whole file.", name_,
                              path.empty() ? "" : ": ", path));
}

std::int64_t Hdf5Writer::open_object(const std::string& path) const {
  const hid_t object = H5Oopen(file_, path.empty() ? "/" : path.c_str(), H5P_DEFAULT);
  if (object < 0) fail(path);
  return object;
}

void Hdf5Writer::make_group(const std::string& path) {
  const Session session;
  const Id there(H5Gopen2(file_, path.c_str(), H5P_DEFAULT), H5Gclose);
  if (there) return;
  const Id links(making_groups(), H5Pclose);
  const Id group(H5Gcreate2(file_, path.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
  if (!group) fail(path);
}

void Hdf5Writer::write_array(const std::string& path, const Extents& extents, std::int64_t file_type,
                             std::int64_t memory_type, const void* values) {
  hsize_t dims[Extents::max_rank] = {};
  for (std::size_t axis = 0; axis < extents.rank(); ++axis) dims[axis] = static_cast<hsize_t>(extents[axis]);
  const Id space(
      extents.rank() == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(extents.rank()), dims, nullptr),
      H5Sclose);
  const Id links(making_groups(), H5Pclose);
  const Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation, false);
  const Id dataset(H5Dcreate2(file_, path.c_str(), file_type, space, links, creation, H5P_DEFAULT), H5Dclose);
  if (!dataset || (extents.size() > 0 && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)) {
    fail(path);
  }
}

void Hdf5Writer::write(const std::string& path, const Extents& extents, const float* values) {
  const Session session;
  write_array(path, extents, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, values);
}

void Hdf5Writer::write_number(const std::string& path, float value) {
  const Session session;
  write_array(path, {}, H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, &value);
}

void Hdf5Writer::write_integer(const std::string& path, std::int64_t value) {
  const Session session;
  write_array(path, {}, H5T_STD_I64LE, H5T_NATIVE_INT64, &value);
}

void Hdf5Writer::write_attribute(const std::string& path, const std::string& attribute, std::int64_t space,
                                 const std::vector<const char*>& texts) {
  const Id object(open_object(path), H5Oclose);
  const Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  const Id handle(H5Acreate2(object, attribute.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  if (!handle || (!texts.empty() && H5Awrite(handle, type, texts.data()) < 0)) fail(path);
}

void Hdf5Writer::set_text(const std::string& path, const std::string& attribute, const std::string& text) {
  const Session session;
  const Id space(H5Screate(H5S_SCALAR), H5Sclose);
  write_attribute(path, attribute, space, {text.c_str()});
}

void Hdf5Writer::set_texts(const std::string& path, const std::string& attribute,
                           const std::vector<std::string>& texts) {
  // An object's header has no room for a larger attribute, in bytes; a text takes 16 bytes there.
  constexpr std::size_t most = 64512 / 16;
  const Session session;
  for (std::size_t first = 0, part = 0; part == 0 || first < texts.size(); first += most, ++part) {
    const std::size_t count = std::min(most, texts.size() - first);
    std::vector<const char*> values;
    for (std::size_t i = first; i < first + count; ++i) values.push_back(texts[i].c_str());
    const hsize_t length = count;
    const Id space(H5Screate_simple(1, &length, nullptr), H5Sclose);
    write_attribute(path, texts.size() > most ? fmt::format("{}{}", attribute, part) : attribute, space, values);
  }
}

}  // namespace xeras::io
