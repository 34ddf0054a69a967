#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "text/utf8.hpp"

namespace xeras::text {

enum class Splitting { whitespace, character, none };

// The steps from a text to words, as TensorFlow's string operations do them, byte by byte: lower-casing and white space
// are those of ASCII, and invalid UTF-8 is kept, except that characters replace it by U+FFFD.
struct WordRules {
  bool lower = true;
  bool strip_punctuation = true;
  Splitting splitting = Splitting::whitespace;
  std::vector<std::int64_t> ngrams = {};  // the numbers of words that are joined, in this order; empty: single words
};

// To cut and number the words of a text costs as much, for a byte, as so many floats that a loop processes.
inline constexpr std::size_t work_a_byte = 6;

// Memory for the words of one text: the calling thread's scratch memory, or its own for a long text. For the duration
// of one kernel (see core/parallel.hpp).
class WordMemory {
 public:
  char* bytes(std::size_t count);
  // Memory for both at once.
  std::pair<char*, std::uint64_t*> bytes_and_places(std::size_t bytes, std::size_t places);

 private:
  std::unique_ptr<std::uint64_t[]> own_;
  std::size_t own_size_ = 0;
};

class WordReader {
 public:
  explicit WordReader(WordRules rules);

  // Calls f(word) for each word of a text, until it returns false. Words are valid until each_word returns.
  template <class F>
  void each_word(std::string_view text, WordMemory& memory, const F& f) const {
    if (!rules_.ngrams.empty()) return each_ngram(text, memory, f);
    switch (rules_.splitting) {
      case Splitting::whitespace:
        return each_plain_word(text, memory.bytes(text.size()), [&](char* word, char* end) {
          return f(std::string_view(word, static_cast<std::size_t>(end - word))) ? end : nullptr;
        });
      case Splitting::character:
        return each_character(standardized(text, memory.bytes(text.size())), f);
      case Splitting::none:
        f(standardized(text, memory.bytes(text.size())));
    }
  }

  // Calls f(n-gram) for tokens that the user's own function made.
  template <class F>
  void each_ngram_of(std::span<const std::string> tokens, WordMemory& memory, const F& f) const {
    if (rules_.ngrams.empty()) {
      for (const std::string& token : tokens) {
        if (!f(std::string_view(token))) return;
      }
      return;
    }
    std::size_t size = 0;
    for (const std::string& token : tokens) size += token.size() + 1;
    const auto [bytes, places] = memory.bytes_and_places(size, tokens.size() + 1);
    Joined joined{bytes, places};
    for (const std::string& token : tokens) joined.add(token);
    joined.each(rules_.ngrams, f);
  }

  // Returns the number of words that each_word would give.
  std::size_t count(std::string_view text, WordMemory& memory) const;
  // Returns the text after the first steps.
  std::string standardized(std::string_view text) const;
  // Returns the number of n-grams of so many words.
  std::size_t count_of(std::size_t words) const;

 private:
  static constexpr std::uint16_t space = 256, dropped = 257;

  // Words with one space behind each, so that n-grams are stretches of them.
  struct Joined {
    char* to;
    std::uint64_t* starts;
    std::size_t count = 0;
    char* const begin = to;

    void add(std::string_view word) {
      starts[count++] = static_cast<std::uint64_t>(to - begin);
      to = std::copy(word.begin(), word.end(), to);
      *to++ = ' ';
    }
    template <class F>
    void each(const std::vector<std::int64_t>& sizes, const F& f) const {
      starts[count] = static_cast<std::uint64_t>(to - begin);
      for (const std::int64_t size : sizes) {
        const auto words = static_cast<std::size_t>(size);
        for (std::size_t i = 0; i + words <= count; ++i) {
          if (!f(std::string_view(begin + starts[i], starts[i + words] - starts[i] - 1))) return;
        }
      }
    }
  };

  // Writes the words of a text, and calls end_word(start, end) for each, which returns where the next one goes; null
  // ends.
  template <class F>
  void each_plain_word(std::string_view text, char* to, const F& end_word) const {
    const auto* from = reinterpret_cast<const unsigned char*>(text.data());
    const auto* const end = from + text.size();
    while (from != end) {
      char* const word = to;
      std::uint16_t kind = space;
      for (; from != end && (kind = kinds_[*from]) != space; ++from) {
        *to = static_cast<char>(kind);
        to += kind != dropped;
      }
      if (to != word) {
        to = end_word(word, to);
        if (to == nullptr) return;
      }
      while (from != end && kinds_[*from] == space) ++from;
    }
  }

  template <class F>
  static void each_character(std::string_view text, const F& f) {
    for (std::size_t at = 0; at < text.size();) {
      if (static_cast<unsigned char>(text[at]) < 0x80) {
        if (!f(text.substr(at++, 1))) return;
        continue;
      }
      const CodePoint point = code_point_at(text, at);
      if (!f(point.is_valid ? text.substr(at, point.length) : std::string_view("\xEF\xBF\xBD"))) return;
      at += point.length;
    }
  }

  template <class F>
  void each_ngram(std::string_view text, WordMemory& memory, const F& f) const {
    // Each byte may become a word: a replacement character with a space behind it.
    const bool whole = rules_.splitting == Splitting::none;
    const std::size_t a_byte = rules_.splitting == Splitting::character ? 5 : 2;
    const auto memory_of_words = memory.bytes_and_places(a_byte * text.size() + 1, whole ? 2 : text.size() + 1);
    char* const bytes = memory_of_words.first;
    Joined joined{bytes, memory_of_words.second};
    switch (rules_.splitting) {
      case Splitting::whitespace:
        each_plain_word(text, bytes, [&](char* word, char* end) {
          joined.starts[joined.count++] = static_cast<std::uint64_t>(word - bytes);
          *end = ' ';
          return joined.to = end + 1;
        });
        break;
      case Splitting::character: {
        char* const plain = bytes + 4 * text.size();
        each_character(standardized(text, plain), [&](std::string_view word) {
          joined.add(word);
          return true;
        });
        break;
      }
      case Splitting::none:
        joined.starts[joined.count++] = 0;
        joined.to += standardized(text, bytes).size();
        *joined.to++ = ' ';
        break;
    }
    joined.each(rules_.ngrams, f);
  }

  std::string_view standardized(std::string_view text, char* to) const;

  WordRules rules_;
  std::array<std::uint16_t, 256> kinds_;        // of each byte: what to write for it, `space` or `dropped`
  std::array<std::uint16_t, 256> plain_kinds_;  // the same without spaces
};

}  // namespace xeras::text
