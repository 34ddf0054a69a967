#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::io {

struct Bytes {
  std::unique_ptr<char[]> data;
  std::size_t size = 0;
  std::string_view text() const { return {data.get(), size}; }
};

// Reads a zip file, the container of a .keras file. Throws FileError for a file that is not a zip, for members with
// absolute names or ".." in them, and for members that expand to far more than their size in the file.
class ZipReader {
 public:
  explicit ZipReader(const std::string& path);
  // Takes a whole file in memory, which must stay there; `name` begins the messages.
  ZipReader(std::span<const char> bytes, const std::string& name);

  bool has(const std::string& member) const;
  // Returns a member. Throws FileError when it is missing or damaged.
  Bytes read(const std::string& member) const;

 private:
  struct Close {
    void operator()(void* archive) const;
  };
  void check_names() const;

  std::string name_;
  std::uint64_t size_ = 0;  // of the whole file
  std::unique_ptr<void, Close> archive_;
};

// Writes a zip file as Keras does: members are stored, not compressed, and have no time.
class ZipWriter {
 public:
  // Overwrites an existing file; `name` begins the messages, or `path` if it is empty.
  explicit ZipWriter(const std::string& path, const std::string& name = {});
  void add(const std::string& member, std::string_view text);
  // Adds bytes that must stay valid until close.
  void add_bytes(const std::string& member, std::string_view bytes);
  // Writes the file. Without this call nothing is written.
  void close();

 private:
  struct Discard {
    void operator()(void* archive) const;
  };

  std::string name_;
  std::unique_ptr<void, Discard> archive_;
  std::vector<std::unique_ptr<std::string>> texts_;  // kept until close reads them
};

}  // namespace xeras::io
