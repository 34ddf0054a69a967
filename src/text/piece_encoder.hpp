#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "text/piece_proto.hpp"
#include "text/trie.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::text {

/// Splits a normalized text into the pieces of a SentencePiece model.
class PieceEncoder {
 public:
  /// The memory of one thread, kept from text to text.
  class Scratch {
    friend class PieceEncoder;
    struct Best {  // the best path to a place
      float score = 0.0f;
      int id = -1;
      std::int64_t begin = -1;  // of its last piece
    };
    struct Symbol {
      std::uint32_t begin = 0, size = 0;  // size 0 after it was joined to the one before it
      std::int64_t before = -1, next = -1;
      bool is_frozen = false;
    };
    struct Pair {
      float score = 0.0f;
      std::uint32_t left = 0, right = 0, size = 0;
    };
    struct Part {
      std::uint32_t size = 0;
      int id = 0;
    };
    std::vector<Best> best;
    std::vector<Symbol> symbols;
    std::vector<Pair> heap;
    std::vector<Part> parts;
  };

  PieceEncoder(const PieceProto& proto, const Trie& user_defined);

  /// Appends the ids of a text. A piece that the model lacks becomes the unknown one, once for several in a row, or the
  /// pieces of its bytes.
  void encode(std::string_view text, Scratch& scratch, std::vector<int>& ids) const;
  /// True when words, which begin with space symbols, have the same pieces by themselves as in a text.
  bool is_by_word() const { return is_by_word_; }
  int unknown_id() const { return unknown_; }
  bool has_bytes() const { return !byte_ids_.empty(); }

 private:
  void encode_unigram(std::string_view text, Scratch& scratch) const;
  void encode_bpe(std::string_view text, Scratch& scratch) const;
  void encode_words(std::string_view text, Scratch& scratch) const;
  void encode_characters(std::string_view text, Scratch& scratch) const;
  void push_pair(std::string_view text, std::int64_t left, std::int64_t right, Scratch& scratch) const;
  std::size_t symbol_at(std::string_view text, bool& is_user_defined) const;
  int id_of(std::string_view piece) const;

  PieceAlgorithm algorithm_;
  const Trie& user_defined_;
  Trie trie_;         // the pieces of texts, for unigram
  WordMap<int> ids_;  // the same, for the others
  std::vector<float> scores_;
  std::vector<PieceKind> kinds_;
  std::vector<int> byte_ids_;  // without byte_fallback empty
  float unknown_score_ = 0.0f, largest_score_ = 0.0f;
  int unknown_ = 0;
  bool is_by_word_ = false;
};

}  // namespace xeras::text
