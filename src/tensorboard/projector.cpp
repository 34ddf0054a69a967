#include "tensorboard/projector.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "io/atomic_file.hpp"
#include "io/file_errors.hpp"

namespace xeras::tensorboard {
namespace {

void write_file(const std::string& path, const std::string& text) {
  io::with_file(path, [&] {
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    if (!folder.empty()) std::filesystem::create_directories(folder);
    io::AtomicFile file(path);
    std::ofstream out;
    out.exceptions(std::ios::failbit | std::ios::badbit);
    out.open(file.temporary(), std::ios::binary);
    out << text;
    out.close();
    file.commit();
  });
}

// A string of protobuf's text format. Other bytes than printable ASCII are octal numbers.
std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += fmt::format("\\{}", c);
    } else if (byte < 0x20 || byte >= 0x7f) {
      result += fmt::format("\\{:03o}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

}  // namespace

void write_projector_config(const std::string& folder, const std::vector<ProjectedTable>& tables) {
  std::string text;
  for (const ProjectedTable& table : tables) {
    text +=
        fmt::format("embeddings {{\n  tensor_name: {}\n  tensor_path: {}\n", quoted(table.name), quoted(table.path));
    if (!table.metadata_path.empty()) text += fmt::format("  metadata_path: {}\n", quoted(table.metadata_path));
    text += "}\n";
  }
  write_file(folder + "/projector_config.pbtxt", text);
}

void write_table(const std::string& path, const float* values, std::int64_t rows, std::int64_t columns) {
  fmt::memory_buffer text;
  for (std::int64_t r = 0; r < rows; ++r) {
    for (std::int64_t c = 0; c < columns; ++c) {
      fmt::format_to(std::back_inserter(text), "{}{}", *values++, c + 1 < columns ? '\t' : '\n');
    }
  }
  write_file(path, fmt::to_string(text));
}

void write_labels(const std::string& path, const std::vector<std::string>& labels) {
  std::string text;
  for (std::string label : labels) {
    std::replace_if(
        label.begin(), label.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    text += label + '\n';
  }
  write_file(path, text);
}

}  // namespace xeras::tensorboard
