#pragma once

// Words of eight languages, from the word lists of spelling dictionaries.

#include <xeras/xeras.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "shuffle.hpp"
#include "text.hpp"

namespace example {

struct WordList {
  std::string name;     ///< of the language
  std::string file;     ///< one word per line
  std::string package;  ///< in Debian
  bool latin1 = false;  ///< ISO-8859-1, else UTF-8
};

inline const std::vector<WordList> word_lists{
    {"English", "/usr/share/dict/american-english", "wamerican"},
    {"French", "/usr/share/dict/french", "wfrench"},
    {"German", "/usr/share/dict/ngerman", "wngerman"},
    {"Spanish", "/usr/share/dict/spanish", "wspanish"},
    {"Italian", "/usr/share/dict/italian", "witalian"},
    {"Dutch", "/usr/share/dict/dutch", "wdutch"},
    {"Portuguese", "/usr/share/dict/portuguese", "wportuguese"},
    {"Swedish", "/usr/share/dict/swedish", "wswedish", true},
};

/// Words, each with the number of its language.
struct LabelledWords {
  std::vector<std::string> words;
  std::vector<int> languages;
};

/// The options of load_words.
struct Selection {
  std::size_t per_language = 20'000;  ///< at most
  double held_out = 0.1;              ///< the share of test words
  std::uint64_t seed = 1337;
};

/// Returns the words of a list in lower case: those of 3 to 20 letters and nothing else.
inline std::vector<std::string> read_word_list(const WordList& list) {
  std::ifstream file(list.file);
  std::vector<std::string> words;
  for (std::string line; std::getline(file, line);) {
    const auto points = list.latin1 ? from_latin1(line) : from_utf8(line);
    if (!points || points->size() < 3 || points->size() > 20) continue;
    const std::u32string word = lower_case(*points);
    if (std::all_of(word.begin(), word.end(), is_small_letter)) words.push_back(to_utf8(word));
  }
  return words;
}

/// Reads all lists and returns a random sample of the words that occur in only one of them, as training words and test
/// words. Throws std::runtime_error when lists are missing.
inline std::pair<LabelledWords, LabelledWords> load_words(const Selection& selection = {}) {
  std::string missing;
  for (const WordList& list : word_lists) {
    if (!std::ifstream(list.file)) missing += ' ' + list.package;
  }
  if (!missing.empty()) {
    throw std::runtime_error("word lists are missing in /usr/share/dict; expected those of the Debian packages" +
                             missing + ". Install them: sudo apt install" + missing);
  }

  std::vector<std::pair<std::string, int>> all;
  for (std::size_t language = 0; language < word_lists.size(); ++language) {
    for (std::string& word : read_word_list(word_lists[language])) all.emplace_back(std::move(word), language);
  }
  std::sort(all.begin(), all.end());
  std::vector<std::vector<std::string>> words_of(word_lists.size());
  for (auto first = all.begin(); first != all.end();) {
    const auto last = std::find_if(first, all.end(), [&](const auto& entry) { return entry.first != first->first; });
    // Equal words are sorted by language: if first and last have one language, all have.
    const int language = first->second;
    if (language == std::prev(last)->second) words_of[language].push_back(std::move(first->first));
    first = last;
  }

  LabelledWords train, test;
  for (std::size_t language = 0; language < words_of.size(); ++language) {
    auto& words = words_of[language];
    shuffle(words, selection.seed + language);
    words.resize(std::min(words.size(), selection.per_language));
    const auto tests = static_cast<std::size_t>(selection.held_out * static_cast<double>(words.size()));
    for (std::size_t i = 0; i < words.size(); ++i) {
      LabelledWords& part = i < tests ? test : train;
      part.words.push_back(std::move(words[i]));
      part.languages.push_back(static_cast<int>(language));
    }
  }
  return {std::move(train), std::move(test)};
}

}  // namespace example
