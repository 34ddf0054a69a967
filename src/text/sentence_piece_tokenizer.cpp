#include "xeras/text/sentence_piece_tokenizer.hpp"

#include <fmt/format.h>

#include "core/memory.hpp"
#include "core/shown.hpp"
#include "text/piece_encoder.hpp"
#include "text/piece_normalizer.hpp"
#include "text/piece_proto.hpp"
#include "text/subword_model.hpp"
#include "text/utf8.hpp"
#include "text/word_cache.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

constexpr const char* sentence_piece_name = "SentencePieceTokenizer";

std::vector<std::pair<std::string, int>> numbered(const PieceProto& proto, bool only_user_defined) {
  std::vector<std::pair<std::string, int>> result;
  for (std::size_t id = 0; id < proto.pieces.size(); ++id) {
    if (only_user_defined && proto.pieces[id].kind != PieceKind::user_defined) continue;
    result.emplace_back(proto.pieces[id].text, static_cast<int>(id));
  }
  return result;
}

void append_with_spaces(std::string_view piece, std::string& text) {
  while (!piece.empty()) {
    const std::size_t at = std::min(piece.find(space_symbol), piece.size());
    text += piece.substr(0, at);
    if (at == piece.size()) return;
    text += ' ';
    piece.remove_prefix(at + space_symbol.size());
  }
}

class SentencePieceModel final : public SubwordTokenizer::Model {
 public:
  SentencePieceModel(const PieceProto& proto, const SentencePieceTokenizerOptions& options)
      : Model(sentence_piece_name, numbered(proto, false),
              {.sequence_length = options.sequence_length, .errors = options.errors}),
        user_defined_(numbered(proto, true)),
        normalizer_(proto, user_defined_),
        encoder_(proto, user_defined_),
        unk_surface_(proto.unk_surface),
        removes_first_space_(proto.add_dummy_prefix || proto.remove_extra_whitespaces),
        removes_extra_(proto.remove_extra_whitespaces),
        bos_(options.add_bos ? control_piece(proto, "add_bos", proto.bos_piece) : std::nullopt),
        eos_(options.add_eos ? control_piece(proto, "add_eos", proto.eos_piece) : std::nullopt) {
    for (const Piece& piece : proto.pieces) kinds_.push_back(piece.kind);
  }

  std::unique_ptr<EncoderScratch> make_scratch() const override { return std::make_unique<Scratch>(); }

  void encode(std::string_view text, EncoderScratch& base, std::optional<std::size_t>) const override {
    auto& scratch = static_cast<Scratch&>(base);
    std::vector<int>& ids = scratch.ids;
    if (bos_) ids.push_back(*bos_);
    normalizer_.normalize(text, scratch.normalized);
    if (encoder_.is_by_word()) {
      encode_words(scratch.normalized, scratch);
    } else {
      encoder_.encode(scratch.normalized, scratch.encoder, ids);
    }
    if (eos_) ids.push_back(*eos_);
  }

  // The first pieces lose their space, which stands for the beginning of a text.
  void decode(std::span<const int> ids, std::string& text) const override {
    std::string bytes;
    bool is_first = true, has_lost_space = false;
    const auto append_bytes = [&] {
      for (std::size_t at = 0; at < bytes.size();) {
        const CodePoint point = code_point_at(bytes, at);
        text += point.is_valid ? std::string_view(bytes).substr(at, point.length) : std::string_view("\ufffd");
        at += point.is_valid ? point.length : 1;
      }
      bytes.clear();
    };
    for (const int id : ids) {
      const std::string& token = *table().token_of(id);
      const PieceKind kind = kinds_[static_cast<std::size_t>(id)];
      if (kind == PieceKind::byte) {
        bytes += static_cast<char>(PieceProto::byte_of(token));
        continue;
      }
      append_bytes();
      if (has_lost_space || !text.empty()) is_first = false;
      has_lost_space = false;
      if (kind == PieceKind::control) continue;
      if (kind == PieceKind::unknown) {
        text += unk_surface_;
        continue;
      }
      std::string_view piece = token;
      if (is_first && removes_first_space_ && piece.starts_with(space_symbol)) {
        piece.remove_prefix(space_symbol.size());
        has_lost_space = !removes_extra_;
      }
      append_with_spaces(piece, text);
    }
    append_bytes();
  }

 private:
  struct Scratch final : EncoderScratch {
    WordCache cache;
    PieceEncoder::Scratch encoder;
    std::string normalized;
  };

  static std::optional<int> control_piece(const PieceProto& proto, const char* option, const std::string& text) {
    for (std::size_t id = 0; id < proto.pieces.size(); ++id) {
      const Piece& piece = proto.pieces[id];
      if (piece.text == text && piece.kind == PieceKind::control) return static_cast<int>(id);
    }
    throw InvalidArgument(
        fmt::format("{}: {} with a model that has no piece \"{}\"; expected one that has it. Leave {} "
                    "out, or train the model with the piece.",
                    sentence_piece_name, option, shown(text), option));
  }

  // Encodes each word by itself: from its space symbols to the next ones.
  void encode_words(std::string_view text, Scratch& scratch) const {
    std::vector<int>& ids = scratch.ids;
    const std::size_t start = ids.size();
    for (std::size_t begin = 0; begin < text.size();) {
      std::size_t letters = begin;
      while (text.substr(letters).starts_with(space_symbol)) letters += space_symbol.size();
      const std::size_t end = std::min(text.find(space_symbol, letters), text.size());
      const std::string_view word = text.substr(begin, end - begin);
      const std::size_t before = ids.size();
      scratch.cache.append(word, ids, [&] { encoder_.encode(word, scratch.encoder, ids); });
      // Unknown pieces in a row count once, also where one word ends and the next begins.
      const int unknown = encoder_.unknown_id();
      if (before > start && before < ids.size() && ids[before - 1] == unknown && ids[before] == unknown) {
        ids.erase(ids.begin() + static_cast<std::ptrdiff_t>(before));
      }
      begin = end;
    }
  }

  Trie user_defined_;
  PieceNormalizer normalizer_;
  PieceEncoder encoder_;
  std::string unk_surface_;
  bool removes_first_space_, removes_extra_;
  std::optional<int> bos_, eos_;
  std::vector<PieceKind> kinds_;
};

}  // namespace

SentencePieceTokenizer SentencePieceTokenizer::from_bytes(std::string_view proto,
                                                          const SentencePieceTokenizerOptions& options) try {
  return SentencePieceTokenizer(std::make_shared<SentencePieceModel>(read_piece_proto(proto), options));
} catch (...) {
  rethrow_as(sentence_piece_name);
}

}  // namespace xeras::text
