#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "xeras/text/subword_tokenizer.hpp"
#include "xeras/text/vocabulary_files.hpp"

namespace xeras::text {

struct SentencePieceTokenizerOptions {
  std::optional<std::int64_t> sequence_length = {};  ///< cuts longer sequences, fills shorter ones with id 0
  bool add_bos = false;                              ///< begins each sequence with the model's piece for that
  bool add_eos = false;                              ///< ends each sequence with the model's piece, before it is cut
  std::string errors = "strict";                     ///< as in BytePairTokenizer. Not in Keras
};

/// SentencePiece: normalizes a text by the rules in the model, and splits it into pieces, of which the first of each
/// word begins with U+2581 for the space before it. Reads the .model files of SentencePiece with unigram, bpe, word and
/// char models, byte_fallback, user defined symbols and any normalization; without sampling.
///
///   const text::SentencePieceTokenizer tokenizer("spiece.model");
///   tokenizer.tokenize("Hello world");
///
/// Throws  FileError for a file that is no such model, or that needs an unsupported feature; InvalidArgument for
/// invalid
///         options and for add_bos or add_eos with a model that lacks the piece
/// Source  keras_hub.tokenizers.SentencePieceTokenizer; ids and texts are those of the package sentencepiece
class XERAS_API SentencePieceTokenizer final : public SubwordTokenizer {
 public:
  /// Takes the path of a .model file.
  template <std::convertible_to<std::string> Path>
  explicit SentencePieceTokenizer(const Path& proto, const SentencePieceTokenizerOptions& options = {})
      : SentencePieceTokenizer(from_bytes(read_vocabulary_bytes(proto), options)) {}
  /// Takes the content of a .model file.
  static SentencePieceTokenizer from_bytes(std::string_view proto, const SentencePieceTokenizerOptions& options = {});

 private:
  using SubwordTokenizer::SubwordTokenizer;
};

}  // namespace xeras::text
