#include "xeras/text/text_to_word_sequence.hpp"

#include "core/memory.hpp"
#include "text/splitter.hpp"

namespace xeras::text {

std::vector<std::string> text_to_word_sequence(std::string_view text, const TextToWordSequenceOptions& options) try {
  std::vector<std::string> words;
  Splitter("text_to_word_sequence", options).each_word(text, {}, [&](std::string_view word) {
    words.emplace_back(word);
  });
  return words;
} catch (...) {
  rethrow_as("text_to_word_sequence");
}

}  // namespace xeras::text
