#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "xeras/text/subword_tokenizer.hpp"
#include "xeras/text/vocabulary_files.hpp"

namespace xeras::text {

struct BytePairTokenizerOptions {
  std::optional<std::int64_t> sequence_length = {};  ///< cuts longer sequences, fills shorter ones with id 0
  bool add_prefix_space = false;                     ///< treats the first word as if a space came before it
  /// Tokens of the vocabulary that are found in texts before these are split, such as "<|endoftext|>"
  std::vector<std::string> unsplittable_tokens = {};
  std::string errors = "strict";  ///< for bytes that are not UTF-8: "strict" throws, "replace" inserts U+FFFD
};

/// Byte pair encoding as in GPT-2: splits a text into words with their leading space, by GPT-2's regular expression and
/// the Unicode categories; then each word into bytes, which the merge rules join, the first rule first.
///
///   const text::BytePairTokenizer tokenizer("vocab.json", "merges.txt");
///   tokenizer.tokenize("Hello world");  // {15496, 995} with the files of GPT-2
///
/// The vocabulary and the rules spell each byte as one character: a space is U+0120. detokenize restores the text
/// exactly, but for sequences whose bytes are not UTF-8, where it inserts U+FFFD.
///
/// Throws  InvalidArgument for an invalid vocabulary, rules with tokens that it lacks, and invalid options; FileError
/// for
///         files; InvalidInput for a text with a byte that the vocabulary lacks
/// Source  keras_hub.tokenizers.BytePairTokenizer; ids and texts are those of Hugging Face's tokenizers, models.BPE
/// with
///         pre_tokenizers.ByteLevel and decoders.ByteLevel
class XERAS_API BytePairTokenizer final : public SubwordTokenizer {
 public:
  /// Takes pairs of token and id, and rules such as "t h".
  BytePairTokenizer(const std::vector<std::pair<std::string, int>>& vocabulary, const std::vector<std::string>& merges,
                    const BytePairTokenizerOptions& options = {});
  /// Takes the paths of vocab.json and merges.txt.
  template <std::convertible_to<std::string> Vocabulary, std::convertible_to<std::string> Merges>
  BytePairTokenizer(const Vocabulary& vocabulary, const Merges& merges, const BytePairTokenizerOptions& options = {})
      : BytePairTokenizer(read_vocabulary_json(vocabulary), read_merges(merges), options) {}
};

}  // namespace xeras::text
