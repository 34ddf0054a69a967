#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::text {

// The first bytes of a file, which show its format and how many numbers its lines have.
inline constexpr std::size_t sample_bytes = std::size_t{1} << 22;

// A file of vectors, open for reading at any place. Messages begin with its name. Throws FileError.
class VectorsFile {
 public:
  explicit VectorsFile(const std::string& path);
  ~VectorsFile();
  VectorsFile(const VectorsFile&) = delete;
  VectorsFile& operator=(const VectorsFile&) = delete;

  std::size_t size() const { return size_; }
  // "Vectors: path"
  const std::string& name() const { return name_; }
  // Reads the bytes [at, at + count), which must lie within the size. Several threads may read at once.
  void read(std::size_t at, std::size_t count, void* to) const;
  // Throws a FileError whose message is the name, then `what`.
  [[noreturn]] void fail(const std::string& what) const;

 private:
  std::string name_;
  int file_ = -1;
  std::size_t size_ = 0;
};

// Reads a binary file from front to back.
class ByteReader {
 public:
  ByteReader(const VectorsFile& file, std::size_t at) : file_(file), next_(at) {}

  // The position of the next byte in the file.
  std::size_t at() const { return next_ - (end_ - begin_); }
  std::size_t left() const { return file_.size() - at(); }

  // Returns the next bytes, which the next call invalidates. `what` names them for the message when the file ends
  // before; no memory is needed for bytes that the file does not have.
  const char* take(std::size_t count, const char* what);
  template <class T>
  T number(const char* what) {
    T value;
    __builtin_memcpy(&value, take(sizeof value, what), sizeof value);
    return value;
  }
  // Returns the bytes up to this one, which is skipped. `what` and the position name them in messages.
  std::string_view until(char byte, const char* what);
  void skip_all(char byte);
  // Moves on without reading.
  void skip(std::size_t count, const char* what);

 private:
  void fill(std::size_t count);
  void require(std::size_t count, const char* what) const;

  const VectorsFile& file_;
  std::size_t next_;  // the position behind the buffer's bytes
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // the part of the buffer that is still to come
};

// No word is longer, whatever a file contains.
inline constexpr std::size_t longest_word = std::size_t{1} << 20;

}  // namespace xeras::text
