#pragma once

// Labelled texts: from a file of `label<TAB>text` lines, or sentences with their language.

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "fortunes.hpp"
#include "shuffle.hpp"

namespace example {

/// Texts, each with the number of its label.
struct LabelledTexts {
  std::vector<std::string> labels;  ///< the names, in alphabetical order
  std::vector<std::string> texts;
  std::vector<int> label_of;

  /// Makes texts from (label, text) pairs with any labels.
  static LabelledTexts from_pairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
    std::map<std::string, int> numbers;
    for (const auto& [label, text] : pairs) numbers.emplace(label, 0);
    LabelledTexts all;
    for (auto& [label, number] : numbers) {
      number = static_cast<int>(all.labels.size());
      all.labels.push_back(label);
    }
    for (const auto& [label, text] : pairs) {
      all.texts.push_back(text);
      all.label_of.push_back(numbers.at(label));
    }
    return all;
  }

  /// Splits off a random part; returns it and the rest.
  std::pair<LabelledTexts, LabelledTexts> split(double share, std::uint64_t seed) const {
    std::vector<std::size_t> order(texts.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    shuffle(order, seed);
    std::pair<LabelledTexts, LabelledTexts> parts{{labels, {}, {}}, {labels, {}, {}}};
    const auto count = static_cast<std::size_t>(share * static_cast<double>(order.size()));
    for (std::size_t i = 0; i < order.size(); ++i) {
      LabelledTexts& part = i < count ? parts.first : parts.second;
      part.texts.push_back(texts[order[i]]);
      part.label_of.push_back(label_of[order[i]]);
    }
    return parts;
  }
};

/// Throws xeras::Error for a file that cannot be read, and for a line without a tab, with its number.
inline LabelledTexts read_labelled_texts(const std::string& path) {
  xeras::data::TextLines lines(path, {.batch_size = 1024});
  std::vector<std::pair<std::string, std::string>> pairs;
  xeras::data::for_each(lines, [&](const xeras::data::Batch& batch) {
    const auto* const label = static_cast<const std::int32_t*>(batch.y.data());
    const std::vector<std::string> texts = xeras::data::texts_of(batch);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      pairs.emplace_back(lines.labels()[static_cast<std::size_t>(label[i])], texts[i]);
    }
  });
  return LabelledTexts::from_pairs(pairs);
}

/// Returns the same number of random sentences for each language, without repetition.
inline LabelledTexts sentences_by_language(std::size_t per_language, std::uint64_t seed) {
  check_fortunes();
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Fortunes& collection : fortunes) {
    std::vector<std::string> sentences;
    for (const auto& file : files_of(collection)) {
      for (const std::string& text : read_fortunes(file)) {
        for (std::string& sentence : sentences_of(text)) sentences.push_back(std::move(sentence));
      }
    }
    std::sort(sentences.begin(), sentences.end());
    sentences.erase(std::unique(sentences.begin(), sentences.end()), sentences.end());
    shuffle(sentences, seed++);
    sentences.resize(std::min(sentences.size(), per_language));
    for (std::string& sentence : sentences) pairs.emplace_back(collection.language, std::move(sentence));
  }
  return LabelledTexts::from_pairs(pairs);
}

}  // namespace example
