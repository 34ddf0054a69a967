#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "text/utf8.hpp"
#include "xeras/text/text_to_word_sequence.hpp"

namespace xeras::text {

/// The position of a text, and of a token in it, for messages.
struct Place {
  std::optional<std::size_t> text = {};
  std::optional<std::size_t> token = {};
};

/// Splits texts into words or characters. It reuses its buffers, so a returned view is valid only until the next text.
class Splitter {
 public:
  /// Throws InvalidArgument for invalid options.
  Splitter(std::string who, const TextToWordSequenceOptions& options);

  /// Returns the text as valid UTF-8, in lower case if the options say so.
  std::string_view prepare(std::string_view text, const Place& place);

  template <class F>
  void each_word(std::string_view text, const Place& place, F&& f) {
    const std::string_view words = filter(prepare(text, place));
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(split_, begin), words.size());
      if (end > begin) f(words.substr(begin, end - begin));
      begin = end + split_.size();
    }
  }

  template <class F>
  void each_character(std::string_view text, const Place& place, F&& f) {
    const std::string_view characters = prepare(text, place);
    for (std::size_t at = 0; at < characters.size();) {
      const std::size_t length = code_point_at(characters, at).length;
      f(characters.substr(at, length));
      at += length;
    }
  }

 private:
  std::string_view filter(std::string_view text);

  std::string who_;
  std::string split_;
  bool lowers_;
  bool replaces_invalid_;
  std::array<bool, 128> filters_ascii_{};
  std::u32string filters_others_;  // sorted
  std::string valid_, lowered_, filtered_;
};

}  // namespace xeras::text
