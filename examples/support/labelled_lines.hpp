#pragma once

// Files of labelled lines: `label<TAB>text`, or fastText's `__label__x __label__y text`.

#include <xeras/xeras.hpp>
#include <xeras/xtensor.hpp>

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

/// Returns no labels for a line without any.
inline LabelledLine parse_line(std::string_view line) {
  constexpr std::string_view prefix = "__label__";
  if (!line.starts_with(prefix)) {
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || tab == 0) return {};
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

/// Parses lines, without empty ones. Throws std::runtime_error, with the file and the number of the line, for a line
/// without a label and, unless `several`, with more than one. Without a first number, messages have no number.
inline LabelledLines parse_lines(const xeras::data::Batch& batch, const std::string& file, bool several,
                                 std::int64_t first_number = 0) {
  LabelledLines result;
  const auto* const lines = static_cast<const std::string_view*>(batch.x.data());
  for (std::int64_t i = 0; i < batch.x.length(); ++i) {
    if (lines[i].empty()) continue;
    const auto fail = [&](const std::string& what) {
      const std::string number = first_number > 0 ? ':' + std::to_string(first_number + i) : "";
      throw std::runtime_error(file + number + ": " + what + " The line begins with \"" +
                               std::string(lines[i].substr(0, 60)) + "\".");
    };
    LabelledLine line = parse_line(lines[i]);
    if (line.labels.empty()) fail("has no label; expected label<TAB>text, or __label__x text.");
    if (line.labels.size() > 1 && !several) fail("has several labels; expected one. Use --loss ova for several.");
    result.labels.push_back(std::move(line.labels));
    result.texts.push_back(line.text);
  }
  return result;
}

/// Calls f(lines) for many lines of a file at a time.
template <class F>
void each_lines(const std::string& file, bool several, const F& f) {
  xeras::data::TextLines lines(file, {.batch_size = 4096, .has_labels = false});
  std::int64_t number = 1;
  xeras::data::for_each(lines, [&](const xeras::data::Batch& batch) {
    f(parse_lines(batch, file, several, number));
    number += batch.x.length();
  });
}

/// Returns the numbers of the labels of each line, -1 for unknown ones.
inline std::vector<std::vector<int>> numbers_of(const LabelledLines& lines, const Labels& labels) {
  std::vector<std::vector<int>> numbers;
  for (const auto& of_line : lines.labels) {
    std::vector<int>& row = numbers.emplace_back();
    for (const std::string_view label : of_line) row.push_back(labels.find(label));
  }
  return numbers;
}

/// Returns the targets of texts from the numbers of their labels, labels_of(i): one number, or ones in a row of zeros.
template <class LabelsOf>
xeras::Input targets_of(std::size_t count, std::size_t labels, bool several, const LabelsOf& labels_of) {
  if (!several) {
    xt::xtensor<std::int32_t, 1> y = xt::zeros<std::int32_t>({count});
    for (std::size_t i = 0; i < count; ++i) y(i) = labels_of(i).front();
    return xeras::Input(std::move(y)).owned();
  }
  xt::xtensor<float, 2> y = xt::zeros<float>({count, labels});
  for (std::size_t i = 0; i < count; ++i) {
    for (const int label : labels_of(i)) y(i, static_cast<std::size_t>(label)) = 1.0f;
  }
  return xeras::Input(std::move(y)).owned();
}

}  // namespace example
