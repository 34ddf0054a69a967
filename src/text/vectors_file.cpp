#include "text/vectors_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

constexpr std::size_t longest_path = 4096;
constexpr std::size_t buffer_bytes = std::size_t{1} << 22;

}  // namespace

VectorsFile::VectorsFile(const std::string& path) : name_("Vectors: " + shown(path, longest_path)) {
  if (path.find('\0') != path.npos) fail(": the path has a NUL; expected a path without NUL.");
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat facts {};
  if (file_ < 0 || ::fstat(file_, &facts) != 0) {
    fail(
        fmt::format(": {}; expected a file that can be read. Check the path.", std::generic_category().message(errno)));
  }
  if (!S_ISREG(facts.st_mode)) {
    ::close(file_);
    fail(" is not a regular file; expected one, which is read at several places at once. Check the path.");
  }
  size_ = static_cast<std::size_t>(facts.st_size);
}

VectorsFile::~VectorsFile() { ::close(file_); }

void VectorsFile::read(std::size_t at, std::size_t count, void* to) const {
  for (auto* place = static_cast<char*>(to); count > 0;) {
    const ssize_t done = ::pread(file_, place, count, static_cast<off_t>(at));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail(fmt::format(": {}; expected a file that can be read.", std::generic_category().message(errno)));
    if (done == 0) fail(fmt::format(" ends at byte {} now; expected {} bytes. Does a program write it?", at, size_));
    place += done;
    at += static_cast<std::size_t>(done);
    count -= static_cast<std::size_t>(done);
  }
}

void VectorsFile::fail(const std::string& what) const { throw FileError(name_ + what); }

void ByteReader::require(std::size_t count, const char* what) const {
  if (count <= left()) return;
  file_.fail(
      fmt::format(", byte {}: {} would have {} bytes, but the file ends after {}; expected a complete file. Get "
                  "the file again.",
                  at(), what, count, left()));
}

const char* ByteReader::take(std::size_t count, const char* what) {
  require(count, what);
  if (end_ - begin_ < count) fill(count);
  begin_ += count;
  return buffer_.data() + (begin_ - count);
}

std::string_view ByteReader::until(char byte, const char* what) {
  for (std::size_t seen = 0;;) {
    const auto* const found =
        end_ > begin_
            ? static_cast<const char*>(std::memchr(buffer_.data() + begin_ + seen, byte, end_ - begin_ - seen))
            : nullptr;
    if (found != nullptr) {
      const std::string_view text(buffer_.data() + begin_, static_cast<std::size_t>(found - buffer_.data()) - begin_);
      if (text.size() <= longest_word) {
        begin_ += text.size() + 1;
        return text;
      }
    }
    seen = end_ - begin_;
    if (seen > longest_word) {
      file_.fail(fmt::format(", byte {}: {} has more than {} bytes; expected a word. Is the header right?", at(), what,
                             longest_word));
    }
    require(seen + 1, what);
    fill(std::min(left(), seen + buffer_bytes));
  }
}

void ByteReader::skip_all(char byte) {
  while (left() > 0) {
    if (begin_ == end_) fill(1);
    if (buffer_[begin_] != byte) return;
    ++begin_;
  }
}

void ByteReader::skip(std::size_t count, const char* what) {
  require(count, what);
  if (count <= end_ - begin_) {
    begin_ += count;
    return;
  }
  next_ = at() + count;
  begin_ = end_ = 0;
}

// Makes at least `count` bytes available, which the file has.
void ByteReader::fill(std::size_t count) {
  const std::size_t kept = end_ - begin_;
  if (kept > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, kept);
  begin_ = 0;
  end_ = kept;
  const std::size_t more = std::min(std::max(count, buffer_bytes) - kept, file_.size() - next_);
  if (buffer_.size() < kept + more) buffer_.resize(kept + more);
  file_.read(next_, more, buffer_.data() + kept);
  next_ += more;
  end_ += more;
}

}  // namespace xeras::text
