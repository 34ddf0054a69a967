#include "io/zip.hpp"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::io {
namespace {

// The limit of a member's expansion: weights and configurations compress to a tenth at best, a zip bomb to a
// thousandth.
constexpr std::uint64_t largest_expansion = 20;
constexpr std::uint64_t always_allowed = std::uint64_t{1} << 24;

zip_t* handle(void* archive) { return static_cast<zip_t*>(archive); }

std::string text_of(int code) {
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  return text;
}

bool is_safe(std::string_view name) {
  if (name.empty() || name.front() == '/' || name.find('\\') != name.npos || name.find(':') != name.npos) return false;
  for (std::size_t first = 0; first <= name.size();) {
    const std::size_t last = std::min(name.find('/', first), name.size());
    if (name.substr(first, last - first) == "..") return false;
    first = last + 1;
  }
  return true;
}

}  // namespace

void ZipReader::Close::operator()(void* archive) const { zip_discard(handle(archive)); }

ZipReader::ZipReader(const std::string& path) : name_(path) {
  int code = 0;
  archive_.reset(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (archive_ == nullptr) {
    throw FileError(fmt::format("{}: {}; expected a .keras file, which is a zip.", path, text_of(code)));
  }
  std::error_code error;
  size_ = std::filesystem::file_size(path, error);
  check_names();
}

ZipReader::ZipReader(std::span<const char> bytes, const std::string& name) : name_(name), size_(bytes.size()) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) archive_.reset(zip_open_from_source(source, ZIP_RDONLY, &error));
  if (archive_ == nullptr) {
    if (source != nullptr) zip_source_free(source);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw FileError(fmt::format("{}: {}; expected a .keras file, which is a zip.", name, text));
  }
  zip_error_fini(&error);
  check_names();
}

void ZipReader::check_names() const {
  std::set<std::string> names;
  const zip_int64_t count = zip_get_num_entries(handle(archive_.get()), 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* member = zip_get_name(handle(archive_.get()), static_cast<zip_uint64_t>(i), ZIP_FL_ENC_STRICT);
    if (member == nullptr || !is_safe(member)) {
      throw FileError(
          fmt::format("{}: member {} has an unsafe name; expected relative names without \"..\".", name_, i));
    }
    if (!names.insert(member).second) {
      throw FileError(
          fmt::format("{}: two members are named \"{}\"; expected each name once. Readers of zips would "
                      "see one or the other.",
                      name_, shown(member)));
    }
  }
}

bool ZipReader::has(const std::string& member) const {
  return zip_name_locate(handle(archive_.get()), member.c_str(), 0) >= 0;
}

Bytes ZipReader::read(const std::string& member) const {
  const auto fail = [&](const std::string& what) {
    throw FileError(
        fmt::format("{}: {}: {}; expected a member that Keras wrote. The file may be damaged.", name_, member, what));
  };
  zip_t* const archive = handle(archive_.get());
  zip_stat_t about;
  zip_stat_init(&about);
  if (zip_stat(archive, member.c_str(), 0, &about) != 0) fail("is missing");
  if ((about.valid & ZIP_STAT_SIZE) == 0 || (about.valid & ZIP_STAT_COMP_SIZE) == 0) fail("has no size");
  if (about.comp_size > size_) fail("is stated to be larger than the file");
  if (about.size > always_allowed && about.size / largest_expansion > about.comp_size) {
    fail(fmt::format("would expand from {} bytes to {}", about.comp_size, about.size));
  }
  const std::unique_ptr<zip_file_t, int (*)(zip_file_t*)> file(zip_fopen(archive, member.c_str(), 0), zip_fclose);
  if (file == nullptr) fail(zip_strerror(archive));
  // One byte more than the stated size, so that the read reaches the end, where libzip checks the checksum.
  const std::size_t room = about.size + 1;
  Bytes bytes{std::make_unique_for_overwrite<char[]>(room)};
  while (bytes.size < room) {
    const zip_int64_t got = zip_fread(file.get(), bytes.data.get() + bytes.size, room - bytes.size);
    if (got < 0) fail(zip_file_strerror(file.get()));
    if (got == 0) break;
    bytes.size += static_cast<std::size_t>(got);
  }
  if (bytes.size != about.size) fail("differs from its stated length");
  return bytes;
}

void ZipWriter::Discard::operator()(void* archive) const { zip_discard(handle(archive)); }

ZipWriter::ZipWriter(const std::string& path, const std::string& name) : name_(name.empty() ? path : name) {
  int code = 0;
  archive_.reset(zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code));
  if (archive_ == nullptr) throw FileError(fmt::format("{}: {}; expected a place to write.", name_, text_of(code)));
}

void ZipWriter::add(const std::string& member, std::string_view text) {
  add_bytes(member, *texts_.emplace_back(std::make_unique<std::string>(text)));
}

void ZipWriter::add_bytes(const std::string& member, std::string_view bytes) {
  constexpr zip_uint16_t midnight = 0, first_of_1980 = 0x21;
  zip_t* const archive = handle(archive_.get());
  zip_source_t* const given = zip_source_buffer(archive, bytes.data(), bytes.size(), 0);
  const zip_int64_t index = given == nullptr ? -1 : zip_file_add(archive, member.c_str(), given, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    if (given != nullptr) zip_source_free(given);
    throw FileError(fmt::format("{}: {}: {}.", name_, member, zip_strerror(archive)));
  }
  const auto place = static_cast<zip_uint64_t>(index);
  zip_set_file_compression(archive, place, ZIP_CM_STORE, 0);
  zip_file_set_dostime(archive, place, midnight, first_of_1980, 0);
}

void ZipWriter::close() {
  zip_t* const archive = handle(archive_.get());
  if (zip_close(archive) != 0) {
    zip_error_t* const error = zip_get_error(archive);
    const bool is_of_system = zip_error_system_type(error) == ZIP_ET_SYS;
    const std::string reason = is_of_system ? std::system_category().message(zip_error_code_system(error))
                                            : std::string(zip_error_strerror(error));
    throw FileError(fmt::format("{}: {}; expected a place to write, with room for the file.", name_, reason));
  }
  static_cast<void>(archive_.release());
}

}  // namespace xeras::io
