#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::text {

/// The base of BytePairTokenizer, WordPieceTokenizer and SentencePieceTokenizer, which split texts into tokens
/// of a fixed vocabulary, which are words or parts of words, and return their ids.
///
///   const std::vector<std::vector<int>> ids = tokenizer.tokenize({"first text", "second text"});
///   const std::vector<std::string> texts = tokenizer.detokenize(ids);
///
/// Copies are cheap and share the vocabulary. Several threads may use one tokenizer at once. One call splits many texts
/// over the library's threads; the result does not depend on their number.
///
/// Throws  InvalidInput for texts that are not UTF-8, unless the option errors is "replace", and for unknown ids;
///         InvalidArgument for unknown tokens
/// Source  keras_hub.tokenizers.Tokenizer
class XERAS_API SubwordTokenizer {
 public:
  class Model;  // private to the library

  // No moves: a tokenizer that was moved from stays usable.
  SubwordTokenizer(const SubwordTokenizer&) = default;
  SubwordTokenizer& operator=(const SubwordTokenizer&) = default;

  /// Returns the ids of one text.
  template <std::convertible_to<std::string_view> Text>
  std::vector<int> tokenize(const Text& text) const {
    return tokenize_text(text);
  }
  /// Returns the ids of each text.
  std::vector<std::vector<int>> tokenize(const std::vector<std::string>& texts) const;
  /// Replaces `result`; allocates nothing if its vectors are large enough and the words are known from earlier calls.
  void tokenize(const std::vector<std::string>& texts, std::vector<std::vector<int>>& result) const;

  /// Returns the text of a sequence of ids.
  template <std::same_as<std::vector<int>> Ids>
  std::string detokenize(const Ids& ids) const {
    return detokenize_ids(ids);
  }
  std::string detokenize(std::initializer_list<int> ids) const { return detokenize_ids(std::vector<int>(ids)); }
  std::vector<std::string> detokenize(const std::vector<std::vector<int>>& sequences) const;

  std::int64_t vocabulary_size() const;
  /// Returns all tokens in the order of their ids.
  std::vector<std::string> get_vocabulary() const;
  std::string id_to_token(std::int64_t id) const;
  int token_to_id(std::string_view token) const;

 protected:
  explicit SubwordTokenizer(std::shared_ptr<const Model> model);

 private:
  std::vector<int> tokenize_text(std::string_view text) const;
  std::string detokenize_ids(const std::vector<int>& ids) const;

  std::shared_ptr<const Model> model_;
};

}  // namespace xeras::text
