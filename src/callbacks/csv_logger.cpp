#include "xeras/callbacks/csv_logger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "callbacks/python_number.hpp"
#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::callbacks {
namespace {

constexpr const char* line_end = "\r\n";  // of Python's csv.excel

// Quotes a field where Python's csv module does.
std::string field(const std::string& text, char separator) {
  if (text.find_first_of(std::string{separator, '"', '\r', '\n'}) == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

}  // namespace

CSVLogger::CSVLogger(std::string filename, CSVLoggerOptions options)
    : filename_(std::move(filename)), options_(std::move(options)) {
  if (filename_.empty() || filename_.find('\0') != std::string::npos) {
    throw InvalidArgument(fmt::format(
        "CSVLogger: filename is \"{}\"; expected the name of a file, such as training.csv.", shown(filename_)));
  }
  const std::string& separator = options_.separator;
  if (separator.size() != 1 || std::strchr("\"\r\n", separator.front()) != nullptr) {
    throw InvalidArgument(fmt::format(
        "CSVLogger: separator is \"{}\"; expected one character other than a quote or the end of a line. \",\" is "
        "usual.",
        shown(separator)));
  }
}

void CSVLogger::on_train_begin() {
  columns_.clear();
  if (options_.append) {
    std::ifstream file(filename_);
    std::string first;
    if (file) writes_header_ = !std::getline(file, first);
  }
  write("", options_.append);
}

void CSVLogger::on_epoch_end(std::int64_t epoch, const Scores& logs) {
  const char separator = options_.separator.front();
  std::string text;
  if (columns_.empty()) {
    for (std::size_t i = 0; i < logs.size(); ++i) columns_.push_back(logs.name(i));
    std::sort(columns_.begin(), columns_.end());
    const auto is_of_validation = [](const std::string& name) { return name.starts_with("val_"); };
    if (std::none_of(columns_.begin(), columns_.end(), is_of_validation)) {
      for (std::size_t i = 0, count = columns_.size(); i < count; ++i) columns_.push_back("val_" + columns_[i]);
    }
    if (writes_header_) {
      text = "epoch";
      for (const std::string& column : columns_) text += separator + field(column, separator);
      text += line_end;
    }
  }
  text += std::to_string(epoch);
  for (const std::string& column : columns_) {
    text += separator + field(logs.contains(column) ? python_number(logs[column]) : "NA", separator);
  }
  write(text + line_end, true);
}

void CSVLogger::write(const std::string& text, bool append) const {
  errno = 0;
  std::ofstream file(filename_, std::ios::binary | (append ? std::ios::app : std::ios::trunc));
  file << text << std::flush;
  if (file) return;
  throw FileError(fmt::format("CSVLogger: {}: {}; expected a file that can be written.", filename_,
                              errno != 0 ? std::strerror(errno) : "it cannot be written"));
}

}  // namespace xeras::callbacks
