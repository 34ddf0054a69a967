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
  std::optional<std::int64_t> num_words = {};  ///< ids are below it, which leaves num_words - 1 words; default: all
  std::string filters = default_filters;       ///< characters that separate words as well
  bool lower = true;                           ///< as Python's str.lower()
  std::string split = " ";
  bool char_level = false;                    ///< characters (code points) instead of words; filters do not count then
  std::optional<std::string> oov_token = {};  ///< id 1, for words that are unknown or beyond num_words; default: none
  /// Cuts a text into words, in place of filters, lower and split, and must not use the Tokenizer.
  std::function<std::vector<std::string>(const std::string&)> analyzer = {};
  std::string errors =
      "strict";  ///< bytes that are not UTF-8: "strict" raises, "replace" makes them U+FFFD. Not in Keras
};

/// Numbers words by how often they occur: 1 for the most frequent (2 with an oov_token), of equals the one seen first.
/// Id 0 is left for padding.
///
/// Texts are one string each; what is cut into tokens already goes through the functions with tokens in their names.
/// Those tokens are only put into lower case. Several fits add up; each numbers all words anew. A fit that throws
/// changes nothing. The const functions may run in many threads at once (an analyzer of yours permitting).
///
/// Throws  InvalidArgument for options that cannot be, a mode that is unknown, and whatever needs a fit before it;
///         InvalidInput for texts that are not UTF-8 and ids below 0
/// Source  keras.preprocessing.text.Tokenizer (keras-preprocessing 1.1.2; analyzer as in Keras 2.15)
class XERAS_API Tokenizer {
 public:
  explicit Tokenizer(TokenizerOptions options = {});

  void fit_on_texts(const std::vector<std::string>& texts);
  void fit_on_tokens(const std::vector<std::vector<std::string>>& texts);
  /// Counts documents for "tfidf" from ids; words remain as they are.
  void fit_on_sequences(const std::vector<std::vector<int>>& sequences);

  /// The ids of each text's words. Without an oov_token, words that have none are left out.
  std::vector<std::vector<int>> texts_to_sequences(const std::vector<std::string>& texts) const;
  std::vector<std::vector<int>> tokens_to_sequences(const std::vector<std::vector<std::string>>& texts) const;
  /// The words of each sequence with spaces between. Ids that have none (0 among them) are left out, or the oov_token.
  std::vector<std::string> sequences_to_texts(const std::vector<std::vector<int>>& sequences) const;

  /// A row for each text, a column for each id, (texts, num_words), or (texts, number of words + 1) without num_words.
  /// With c the occurrences of an id in the text, by mode:
  ///
  /// binary  1 where c > 0
  /// count   c
  /// freq    c / length of the text in ids
  /// tfidf   (1 + ln c) ln(1 + document_count / (1 + documents with the id)) where c > 0
  Tensor texts_to_matrix(const std::vector<std::string>& texts, const std::string& mode = "binary") const;
  Tensor tokens_to_matrix(const std::vector<std::vector<std::string>>& texts, const std::string& mode = "binary") const;
  Tensor sequences_to_matrix(const std::vector<std::vector<int>>& sequences, const std::string& mode = "binary") const;

  const TokenizerOptions& options() const { return options_; }
  /// All words that occurred, whatever num_words, by rank.
  const WordMap<int>& word_index() const { return word_index_; }
  const std::map<int, std::string>& index_word() const { return index_word_; }
  /// How often each word occurred, and in how many texts, by first appearance.
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
  WordMap<std::int64_t> word_docs_;  // the same words in the same order
  WordMap<int> word_index_;
  std::map<int, std::string> index_word_;
  std::unordered_map<int, std::int64_t> index_docs_;
  std::int64_t document_count_ = 0;
};

}  // namespace xeras::text
