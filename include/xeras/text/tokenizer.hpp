#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "xeras/core/tensor.hpp"
#include "xeras/text/text_to_word_sequence.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::text {

struct TokenizerOptions {
  std::optional<std::int64_t> num_words = {};  ///< the ids stay below it: num_words - 1 words; default: all
  std::string filters = default_filters;       ///< characters that also separate words
  bool lower = true;                           ///< as Python's str.lower()
  std::string split = " ";
  bool char_level = false;                    ///< characters (code points) instead of words, without filters
  std::optional<std::string> oov_token = {};  ///< id 1, for words that are unknown or beyond num_words; default: none
  /// Splits a text into words, instead of filters, lower and split. It must not use the Tokenizer.
  std::function<std::vector<std::string>(const std::string&)> analyzer = {};
  std::string errors =
      "strict";  ///< for bytes that are not UTF-8: "strict" throws, "replace" inserts U+FFFD. Not in Keras
};

/// Turns texts into ids. It numbers words by frequency: 1 for the most frequent (2 with an oov_token); equally frequent
/// words in order of appearance. Id 0 is reserved for padding.
///
///   Tokenizer tokenizer({.num_words = 1000});
///   tokenizer.fit_on_texts(texts);
///   const auto ids = tokenizer.texts_to_sequences(texts);
///
/// A text is one string. Texts that are already split into tokens use the functions with "tokens" in their names, which
/// only convert the tokens to lower case. Counts add up over several fits, and each fit renumbers all words. A fit that
/// throws changes nothing. Several threads may call the const functions at once (if your analyzer permits it).
///
/// Throws  InvalidArgument for invalid options, an unknown mode, and calls that need a fit before them; InvalidInput
///         for texts that are not UTF-8 and ids below 0
/// Source  keras.preprocessing.text.Tokenizer (keras-preprocessing 1.1.2; analyzer as in Keras 2.15)
class XERAS_API Tokenizer {
 public:
  explicit Tokenizer(TokenizerOptions options = {});

  void fit_on_texts(const std::vector<std::string>& texts);
  void fit_on_tokens(const std::vector<std::vector<std::string>>& texts);
  /// Counts documents for "tfidf" from ids; does not change the words.
  void fit_on_sequences(const std::vector<std::vector<int>>& sequences);

  /// Returns the ids of each text's words. Words without an id are omitted, or replaced by the oov_token.
  std::vector<std::vector<int>> texts_to_sequences(const std::vector<std::string>& texts) const;
  std::vector<std::vector<int>> tokens_to_sequences(const std::vector<std::vector<std::string>>& texts) const;
  /// Returns the words of each sequence, joined by spaces. Ids without a word (such as 0) are omitted, or replaced by
  /// the oov_token.
  std::vector<std::string> sequences_to_texts(const std::vector<std::vector<int>>& sequences) const;

  /// Returns a matrix with a row per text and a column per id: (texts, num_words), or (texts, number of words + 1)
  /// without num_words. With c the number of occurrences of the id in the text, the modes are:
  ///
  ///   binary  1 where c > 0
  ///   count   c
  ///   freq    c / length of the text in ids
  ///   tfidf   (1 + ln c) ln(1 + document_count / (1 + documents with the id)) where c > 0
  Tensor texts_to_matrix(const std::vector<std::string>& texts, const std::string& mode = "binary") const;
  Tensor tokens_to_matrix(const std::vector<std::vector<std::string>>& texts, const std::string& mode = "binary") const;
  Tensor sequences_to_matrix(const std::vector<std::vector<int>>& sequences, const std::string& mode = "binary") const;

  /// Returns the JSON of Keras's Tokenizer.to_json, which tokenizer_from_json of Keras and from_json read. Throws
  /// InvalidArgument for a tokenizer with an analyzer, which no file can hold.
  std::string to_json() const;
  /// Makes the tokenizer that to_json, or Keras, wrote. Throws FileError for anything else.
  static Tokenizer from_json(const std::string& json);

  const TokenizerOptions& options() const { return options_; }
  /// Returns all words seen, by rank; num_words does not limit them.
  const WordMap<int>& word_index() const { return word_index_; }
  const std::map<int, std::string>& index_word() const { return index_word_; }
  /// Return how often each word occurred, and in how many texts, in order of appearance.
  const WordMap<std::int64_t>& word_counts() const { return word_counts_; }
  const WordMap<std::int64_t>& word_docs() const { return word_docs_; }
  std::int64_t document_count() const { return document_count_; }

 private:
  template <class Texts>
  void fit(const std::vector<Texts>& texts);
  template <class Texts>
  std::vector<std::vector<int>> to_sequences(const std::vector<Texts>& texts, const char* function) const;
  bool is_too_rare(int id) const { return options_.num_words && id >= *options_.num_words; }
  void number_words(WordMap<std::int64_t> counts, WordMap<std::int64_t> docs);
  void require_texts(const char* function) const;

  TokenizerOptions options_;
  WordMap<std::int64_t> word_counts_;
  WordMap<std::int64_t> word_docs_;  // the same words in the same order as word_counts_
  WordMap<int> word_index_;
  std::map<int, std::string> index_word_;
  std::unordered_map<int, std::int64_t> index_docs_;
  std::int64_t document_count_ = 0;
};

/// Returns Tokenizer::from_json(json).
///
/// Source  keras.preprocessing.text.tokenizer_from_json
XERAS_API Tokenizer tokenizer_from_json(const std::string& json);

}  // namespace xeras::text
