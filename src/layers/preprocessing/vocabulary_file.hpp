#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "layers/preprocessing/word_counts.hpp"
#include "xeras/data/dataset.hpp"
#include "xeras/layers/preprocessing/vocabulary.hpp"

namespace xeras::layers {

// Returns the words of an argument, from a file if it is a path. Throws FileError for one that cannot be read.
std::vector<std::string> words_of(const StringVocabulary& vocabulary, const std::string& who);
// Returns them as words of 8 bytes.
std::vector<std::string> words_of(const IntegerVocabulary& vocabulary, const std::string& who);

// Joins words to lines. Throws Error for a word with a line feed, which a file cannot hold.
std::string lines_of(const std::string& who, const std::vector<std::string>& words);
// Returns the lines of a file, without empty ones at its end.
std::vector<std::string> lines_in(std::string_view text);

// Throws InvalidArgument if the words were an argument.
void require_can_adapt(const std::string& who, bool has_vocabulary_argument);
// Calls f(x) for the batches of a dataset. Throws InvalidArgument for invalid options.
void each_batch(const std::string& who, const DatasetArgument& dataset, const AdaptOptions& options,
                const std::function<void(const Input& x)>& f);
// Throws InvalidInput unless x holds texts.
void require_texts(const std::string& who, const Input& x);

// Counts the words of texts (rows) or (rows, n).
template <class EachWord>
void count_rows(const std::string& who, const Input& x, WordCounts& counts, const EachWord& each_word) {
  require_texts(who, x);
  const auto* const texts = static_cast<const std::string_view*>(x.data());
  const auto rows = static_cast<std::size_t>(x.length());
  const std::size_t columns = rows == 0 ? 0 : static_cast<std::size_t>(x.extents().size()) / rows;
  counts.add(rows, [&](std::size_t row, text::WordMemory& memory, auto& words) {
    for (std::size_t i = 0; i < columns; ++i) {
      each_word(texts[row * columns + i], memory, [&](std::string_view word) {
        words.add(word);
        return true;
      });
      words.flush();
    }
  });
}

}  // namespace xeras::layers
