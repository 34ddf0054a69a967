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

// A zip file that is read: what a .keras file is. Throws FileError for what is no zip, for members with absolute names
// or
// ".." in them, and for what expands to far more than its size in the file.
class ZipReader {
 public:
  explicit ZipReader(const std::string& path);
  // A whole file in memory, which must stay there; `name` begins the messages.
  ZipReader(std::span<const char> bytes, const std::string& name);

  bool has(const std::string& member) const;
  // Throws FileError when it is missing or damaged.
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

// A zip file that is written as Keras does: members are stored, not compressed, and have no time.
class ZipWriter {
 public:
  // Writes over what is there; `name` begins the messages, the path where it is empty.
  explicit ZipWriter(const std::string& path, const std::string& name = {});
  void add(const std::string& member, std::string_view text);
  void add_file(const std::string& member, const std::string& path);
  // Only now all of it is written; files that were added are read. Without it nothing is.
  void close();

 private:
  struct Discard {
    void operator()(void* archive) const;
  };
  void add_source(const std::string& member, void* source);

  std::string name_;
  std::unique_ptr<void, Discard> archive_;
  std::vector<std::unique_ptr<std::string>> texts_;  // until close reads them
};

}  // namespace xeras::io
