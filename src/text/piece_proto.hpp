#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace xeras::text {

enum class PieceKind : std::uint8_t { normal = 1, unknown, control, user_defined, unused, byte };

struct Piece {
  std::string text;
  float score = 0.0f;
  PieceKind kind = PieceKind::normal;
};

enum class PieceAlgorithm : std::uint8_t { unigram = 1, bpe, word, character };

/// The parts of a SentencePiece model that encoding and decoding need (sentencepiece_model.proto, proto2).
struct PieceProto {
  std::vector<Piece> pieces;
  PieceAlgorithm algorithm = PieceAlgorithm::unigram;
  bool treat_whitespace_as_suffix = false;
  bool byte_fallback = false;
  std::string bos_piece = "<s>";
  std::string eos_piece = "</s>";
  std::string unk_surface = " \u2047 ";
  std::string charsmap;
  bool add_dummy_prefix = true;
  bool remove_extra_whitespaces = true;
  bool escape_whitespaces = true;
  int unknown_id = 0;

  /// Returns the byte of a piece such as "<0x0A>", or -1.
  static int byte_of(std::string_view piece);
};

/// Reads the content of a .model file, which may be damaged or malicious. Throws FileError for anything but a model
/// that the library supports. The pieces are then distinct, not empty and UTF-8; one of them is the unknown one; and
/// with byte_fallback, there is one for each byte.
PieceProto read_piece_proto(std::string_view bytes);

}  // namespace xeras::text
