#pragma once

// Sentences in several languages, from the collections of the fortune program.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "text.hpp"

namespace example {

struct Fortunes {
  std::string language;
  std::string path;     ///< a file, or a folder of files
  std::string package;  ///< in Debian
};

inline const std::vector<Fortunes> fortunes{
    {"Czech", "/usr/share/games/fortunes/cs", "fortunes-cs"},
    {"English", "/usr/share/games/fortunes", "fortunes"},
    {"German", "/usr/share/games/fortunes/de", "fortunes-de"},
    {"Italian", "/usr/share/games/fortunes/it", "fortunes-it"},
    {"Polish", "/usr/share/games/fortunes/pl", "fortunes-pl"},
    {"Portuguese", "/usr/share/games/fortunes/brasil", "fortunes-br"},
    {"Spanish", "/usr/share/games/fortunes/es", "fortunes-es"},
};

/// Returns the files of a collection in order, without indexes (.dat), links, and files of other collections.
inline std::vector<std::filesystem::path> files_of(const Fortunes& collection) {
  namespace fs = std::filesystem;
  if (!fs::exists(collection.path)) return {};
  if (fs::is_regular_file(collection.path)) return {collection.path};
  std::vector<fs::path> files;
  for (const fs::directory_entry& entry : fs::directory_iterator(collection.path)) {
    const bool other =
        std::any_of(fortunes.begin(), fortunes.end(), [&](const Fortunes& one) { return entry.path() == one.path; });
    if (!other && !entry.is_symlink() && entry.is_regular_file() && entry.path().extension() != ".dat") {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

/// Throws std::runtime_error when collections are missing, with the packages to install.
inline void check_fortunes() {
  std::string missing;
  for (const Fortunes& collection : fortunes) {
    if (files_of(collection).empty()) missing += ' ' + collection.package;
  }
  if (!missing.empty()) {
    throw std::runtime_error(
        "fortunes are missing in /usr/share/games/fortunes; expected those of the Debian packages" + missing +
        ". Install them: sudo apt install" + missing);
  }
}

/// Returns the texts of a file, which lines that begin with % separate, on one line each, without the authors' names ("
/// -- Mark Twain"). Omits texts that are not UTF-8.
inline std::vector<std::string> read_fortunes(const std::filesystem::path& path) {
  std::vector<std::string> texts;
  std::string text;
  const auto end_text = [&] {
    if (!text.empty() && from_utf8(text)) texts.push_back(text);
    text.clear();
  };
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find_first_not_of(" \t");
    if (line.starts_with('%')) {
      end_text();
    } else if (first != std::string::npos && line.compare(first, 2, "--") != 0) {
      text += (text.empty() ? "" : " ") + line.substr(first);
    }
  }
  end_text();
  return texts;
}

}  // namespace example
