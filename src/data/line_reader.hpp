#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace xeras::data {

// The lines of a text file, read as a stream. Messages name the file and the line.
class LineReader {
 public:
  // Throws FileError, with `who` first, for a file that cannot be opened.
  LineReader(const char* who, const std::string& path, std::size_t max_line_bytes);

  // Reads the next line without its end, which is a line feed with or without a carriage return. Leaves out a byte
  // order mark at the start of the file. Returns false at the end of the file. Throws FileError for a file that cannot
  // be read, InvalidInput for a line that is too long or has a NUL.
  bool next(std::string& line);
  // The number of the last line, from 1.
  std::int64_t number() const { return number_; }
  // "who: path, line 3"
  std::string place() const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  bool fill();

  const char* who_;
  std::string path_;
  std::size_t max_line_bytes_;
  std::unique_ptr<std::FILE, Close> file_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // the part of the buffer that is still to come
  std::int64_t number_ = 0;
};

}  // namespace xeras::data
