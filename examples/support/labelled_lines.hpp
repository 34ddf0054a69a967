#pragma once

// Files of labelled lines: `label<TAB>text`, or fastText's `__label__x __label__y text`.

#include <xeras/xeras.hpp>

#include <algorithm>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace example {

struct LabelledLine {
  std::vector<std::string_view> labels;
  std::string_view text;
};

/// Throws std::runtime_error for a line without a label.
inline LabelledLine parse_line(std::string_view line) {
  constexpr std::string_view prefix = "__label__";
  if (!line.starts_with(prefix)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) {
      throw std::runtime_error("a line has no label; expected label<TAB>text, or __label__x text: " +
                               std::string(line.substr(0, 60)));
    }
    return {{line.substr(0, tab)}, line.substr(tab + 1)};
  }
  LabelledLine result;
  while (line.starts_with(prefix)) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    result.labels.push_back(line.substr(prefix.size(), end - prefix.size()));
    line.remove_prefix(std::min(line.find_first_not_of(" \t", end), line.size()));
  }
  result.text = line;
  return result;
}

/// The labels of a file, numbered as they come.
class Labels {
 public:
  Labels() = default;
  explicit Labels(std::vector<std::string> names) {
    for (std::string& name : names) add(name);
  }

  int add(std::string_view name) {
    const auto [place, is_new] = numbers_.emplace(std::string(name), static_cast<int>(names_.size()));
    if (is_new) names_.push_back(place->first);
    return place->second;
  }
  /// Returns -1 for an unknown label.
  int find(std::string_view name) const {
    const auto place = numbers_.find(std::string(name));
    return place == numbers_.end() ? -1 : place->second;
  }
  const std::vector<std::string>& names() const { return names_; }
  std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
  std::unordered_map<std::string, int> numbers_;
};

/// The labels and texts of a batch of lines, which must outlive them.
struct LabelledLines {
  std::vector<std::vector<std::string_view>> labels;
  std::vector<std::string_view> texts;
};
inline LabelledLines parse_lines(const xeras::data::Batch& batch) {
  LabelledLines result;
  const auto* const lines = static_cast<const std::string_view*>(batch.x.data());
  for (std::int64_t i = 0; i < batch.x.length(); ++i) {
    if (lines[i].empty()) continue;
    LabelledLine line = parse_line(lines[i]);
    result.labels.push_back(std::move(line.labels));
    result.texts.push_back(line.text);
  }
  return result;
}

}  // namespace example
