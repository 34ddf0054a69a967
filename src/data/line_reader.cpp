#include "data/line_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::data {
namespace {

constexpr std::size_t buffer_bytes = std::size_t{1} << 16;
constexpr std::size_t longest_path = 4096;

}  // namespace

LineReader::LineReader(const char* who, const std::string& path, std::size_t max_line_bytes)
    : who_(who), path_(shown(path, longest_path)), max_line_bytes_(max_line_bytes) {
  if (path.find('\0') != path.npos) {
    throw FileError(fmt::format("{}: the path \"{}\" has a NUL; expected a path without NUL.", who_, path_));
  }
  file_.reset(std::fopen(path.c_str(), "rb"));
  if (file_ == nullptr) {
    throw FileError(fmt::format("{}: {}: {}; expected a file that can be read. Check the path.", who_, path_,
                                std::generic_category().message(errno)));
  }
  buffer_.resize(buffer_bytes);
}

bool LineReader::next(std::string& line) {
  line.clear();
  if (begin_ == end_ && !fill()) return false;
  ++number_;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const auto* const feed = static_cast<const char*>(std::memchr(from, '\n', end_ - begin_));
    const std::size_t count = feed != nullptr ? static_cast<std::size_t>(feed - from) : end_ - begin_;
    // Enough to tell that a line is too long even if it has a byte order mark and a carriage return.
    const std::size_t limit = max_line_bytes_ + 5;
    line.append(from, std::min(count, limit - line.size()));
    begin_ += count + (feed != nullptr ? 1 : 0);
    if (line.size() == limit || feed != nullptr || !fill()) break;
  }
  if (number_ == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
  if (line.ends_with('\r')) line.pop_back();
  if (line.size() > max_line_bytes_) {
    throw InvalidInput(
        fmt::format("{} has more than {} bytes; expected at most that many. Split the line, or raise "
                    "max_line_bytes.",
                    place(), max_line_bytes_));
  }
  if (line.find('\0') != line.npos) {
    throw InvalidInput(
        fmt::format("{} has a NUL; expected text. Check that the file is UTF-8, not UTF-16 or binary.", place()));
  }
  return true;
}

bool LineReader::fill() {
  begin_ = 0;
  end_ = std::fread(buffer_.data(), 1, buffer_.size(), file_.get());
  if (end_ == 0 && std::ferror(file_.get()) != 0) {
    throw FileError(fmt::format("{}: {}: {}; expected a file that can be read. Check that it is not a folder.", who_,
                                path_, std::generic_category().message(errno)));
  }
  return end_ > 0;
}

std::string LineReader::place() const { return fmt::format("{}: {}, line {}", who_, path_, number_); }

}  // namespace xeras::data
