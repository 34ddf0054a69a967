#include "xeras/text/vocabulary_files.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <string_view>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "io/file_errors.hpp"
#include "io/json.hpp"
#include "text/unicode.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::text {
namespace {

std::string read_file(const std::string& path) {
  return io::with_file(path, [&] {
    std::ifstream file(path, std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (!file.is_open() || file.bad()) {
      throw FileError(fmt::format("{}: cannot be read; expected a vocabulary file. Check the path and the permissions.",
                                  shown(path, io::longest_path)));
    }
    return content;
  });
}

[[noreturn]] void throw_at(const std::string& path, std::size_t line, const std::string& problem) {
  throw FileError(fmt::format("{}, line {}: {}", shown(path, io::longest_path), line, problem));
}

// Calls f(line, number), with numbers from 1, for the lines of a file, without their ends.
template <class F>
void each_line(const std::string& path, const F& f) {
  const std::string content = read_file(path);
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    std::string_view line = std::string_view(content).substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (find_invalid(line) != std::string_view::npos) {
      throw_at(path, number + 1, "not UTF-8; expected valid UTF-8. Convert the file.");
    }
    f(line, ++number);
    begin = end + 1;
  }
}

std::string_view without_spaces_at_end(std::string_view line) {
  while (!line.empty()) {
    std::size_t last = line.size() - 1;
    while ((static_cast<unsigned char>(line[last]) & 0xC0) == 0x80) --last;
    if (!is_white_space(code_point_at(line, last).value)) break;
    line = line.substr(0, last);
  }
  return line;
}

}  // namespace

std::string read_vocabulary_bytes(const std::string& path) { return read_file(path); }

std::vector<std::string> read_vocabulary(const std::string& path) try {
  std::vector<std::string> tokens;
  WordMap<std::size_t> lines;
  each_line(path, [&](std::string_view line, std::size_t number) {
    const std::string_view token = without_spaces_at_end(line);
    const std::size_t position = lines.add(token);
    if (position != tokens.size()) {
      throw_at(path, number,
               fmt::format("the token \"{}\" is also in line {}; expected each token once.", shown(token),
                           lines.entry(position).second));
    }
    lines.value(position) = number;
    tokens.emplace_back(token);
  });
  return tokens;
} catch (...) {
  rethrow_as("read_vocabulary");
}

std::vector<std::pair<std::string, int>> read_vocabulary_json(const std::string& path) try {
  const Value json = io::parse_json(read_file(path), shown(path, io::longest_path));
  const auto* dict = json.get_if<Value::Dict>();
  if (dict == nullptr) {
    throw FileError(fmt::format("{}: {}; expected a dictionary from tokens to ids.", shown(path, io::longest_path),
                                shown(json.to_string())));
  }
  std::vector<std::pair<std::string, int>> result;
  result.reserve(dict->size());
  for (const auto& [token, value] : *dict) {
    const auto* id = value.get_if<std::int64_t>();
    if (id == nullptr || *id < 0 || !std::in_range<int>(*id)) {
      throw FileError(fmt::format("{}: the id of \"{}\" is {}; expected an integer from 0 to 2^31 - 1.",
                                  shown(path, io::longest_path), shown(token), shown(value.to_string())));
    }
    result.emplace_back(token, static_cast<int>(*id));
  }
  return result;
} catch (...) {
  rethrow_as("read_vocabulary_json");
}

std::vector<std::string> read_merges(const std::string& path) try {
  std::vector<std::string> merges;
  each_line(path, [&](std::string_view line, std::size_t number) {
    if (line.empty() || (number == 1 && line.starts_with("#version"))) return;
    const std::size_t space = line.find(' ');
    if (space == 0 || space >= line.size() - 1 || line.find(' ', space + 1) != std::string_view::npos) {
      throw_at(path, number,
               fmt::format("\"{}\"; expected two tokens with a space between them, such as \"t h\".", shown(line)));
    }
    merges.emplace_back(line);
  });
  return merges;
} catch (...) {
  rethrow_as("read_merges");
}

}  // namespace xeras::text
