#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "xeras/text/subword_tokenizer.hpp"
#include "xeras/text/vocabulary_files.hpp"

namespace xeras::text {

struct WordPieceTokenizerOptions {
  std::optional<std::int64_t> sequence_length = {};  ///< cuts longer sequences, fills shorter ones with id 0
  bool lowercase = false;
  bool strip_accents = false;
  bool split = true;         ///< at white space and punctuation; otherwise a text is one word
  bool split_on_cjk = true;  ///< each CJK ideograph is a word
  std::string suffix_indicator = "##";
  std::string oov_token = "[UNK]";
  std::vector<std::string> special_tokens = {};  ///< tokens of the vocabulary, such as "[CLS]"
  bool special_tokens_in_strings = false;        ///< finds them in texts, before anything else
  std::int64_t max_input_chars_per_word = 100;   ///< longer words become the oov_token. Not in Keras
  std::string errors = "strict";                 ///< as in BytePairTokenizer. Not in Keras
};

/// WordPiece as in BERT: removes control characters, optionally accents and upper case, splits a text into words and
/// punctuation, and each word into the longest tokens from the left. Tokens that continue a word begin with "##". A
/// word that the vocabulary cannot spell becomes the oov_token.
///
///   const text::WordPieceTokenizer tokenizer("vocab.txt", {.lowercase = true, .strip_accents = true});
///   tokenizer.tokenize("unaffable");  // un ##aff ##able
///
/// BERT's uncased models need lowercase and strip_accents. detokenize joins the words by spaces.
///
/// Throws  InvalidArgument for an invalid vocabulary and invalid options; FileError for files
/// Source  keras_hub.tokenizers.WordPieceTokenizer; ids are those of Hugging Face's tokenizers, models.WordPiece with
///         normalizers.BertNormalizer and pre_tokenizers.BertPreTokenizer
class XERAS_API WordPieceTokenizer final : public SubwordTokenizer {
 public:
  /// Takes the tokens in the order of their ids.
  explicit WordPieceTokenizer(const std::vector<std::string>& vocabulary,
                              const WordPieceTokenizerOptions& options = {});
  /// Takes the path of a file with one token per line.
  template <std::convertible_to<std::string> Vocabulary>
  explicit WordPieceTokenizer(const Vocabulary& vocabulary, const WordPieceTokenizerOptions& options = {})
      : WordPieceTokenizer(read_vocabulary(vocabulary), options) {}
};

}  // namespace xeras::text
