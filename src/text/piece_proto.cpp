#include "text/piece_proto.hpp"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include "core/shown.hpp"
#include "text/utf8.hpp"
#include "xeras/core/error.hpp"
#include "xeras/text/word_map.hpp"

namespace xeras::text {
namespace {

[[noreturn]] void throw_invalid(const std::string& problem) {
  throw FileError(
      fmt::format("SentencePieceTokenizer: {}; expected a model of SentencePiece. The file may be damaged.", problem));
}

// One field of a message in protobuf's wire format.
struct Field {
  std::uint64_t number = 0;
  std::uint64_t value = 0;  // of a varint or a fixed number
  std::string_view bytes;   // of a string or message
  unsigned wire_type = 0;

  void expect(unsigned type) const {
    if (wire_type != type) throw_invalid(fmt::format("field {} has wire type {}", number, wire_type));
  }
  bool flag() const {
    expect(0);
    return value != 0;
  }
  std::string text() const {
    expect(2);
    return std::string(bytes);
  }
};

class Message {
 public:
  explicit Message(std::string_view bytes) : rest_(bytes) {}

  bool next(Field& field) {
    if (rest_.empty()) return false;
    const std::uint64_t key = varint();
    field = Field();
    field.number = key >> 3;
    field.wire_type = static_cast<unsigned>(key & 7);
    switch (field.wire_type) {
      case 0:
        field.value = varint();
        break;
      case 1:
        field.value = fixed(8);
        break;
      case 2:
        field.bytes = take(varint());
        break;
      case 5:
        field.value = fixed(4);
        break;
      default:
        throw_invalid(fmt::format("field {} has wire type {}", field.number, field.wire_type));
    }
    if (field.number == 0) throw_invalid("a field has number 0");
    return true;
  }

 private:
  std::string_view take(std::uint64_t size) {
    if (size > rest_.size()) throw_invalid("it ends too early");
    const std::string_view taken = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return taken;
  }
  std::uint64_t varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      const auto byte = static_cast<unsigned char>(take(1)[0]);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return value;
    }
    throw_invalid("a number has more than 64 bits");
  }
  std::uint64_t fixed(std::size_t size) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (const char byte : take(size)) {
      value |= static_cast<std::uint64_t>(static_cast<unsigned char>(byte)) << shift;
      shift += 8;
    }
    return value;
  }

  std::string_view rest_;
};

Piece read_piece(std::string_view bytes) {
  Piece piece;
  Message message(bytes);
  for (Field field; message.next(field);) {
    if (field.number == 1) {
      piece.text = field.text();
    } else if (field.number == 2) {
      field.expect(5);
      piece.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
    } else if (field.number == 3) {
      field.expect(0);
      if (field.value < 1 || field.value > 6) throw_invalid(fmt::format("a piece has type {}", field.value));
      piece.kind = static_cast<PieceKind>(field.value);
    }
  }
  return piece;
}

void read_trainer(std::string_view bytes, PieceProto& proto) {
  Message message(bytes);
  for (Field field; message.next(field);) {
    if (field.number == 3) {
      field.expect(0);
      if (field.value < 1 || field.value > 4) throw_invalid(fmt::format("the model_type is {}", field.value));
      proto.algorithm = static_cast<PieceAlgorithm>(field.value);
    } else if (field.number == 24) {
      proto.treat_whitespace_as_suffix = field.flag();
    } else if (field.number == 35) {
      proto.byte_fallback = field.flag();
    } else if (field.number == 44) {
      proto.unk_surface = field.text();
    } else if (field.number == 46) {
      proto.bos_piece = field.text();
    } else if (field.number == 47) {
      proto.eos_piece = field.text();
    }
  }
}

void read_normalizer(std::string_view bytes, PieceProto& proto) {
  Message message(bytes);
  for (Field field; message.next(field);) {
    if (field.number == 2) {
      proto.charsmap = field.text();
    } else if (field.number == 3) {
      proto.add_dummy_prefix = field.flag();
    } else if (field.number == 4) {
      proto.remove_extra_whitespaces = field.flag();
    } else if (field.number == 5) {
      proto.escape_whitespaces = field.flag();
    }
  }
}

void refuse_denormalizer(std::string_view bytes) {
  Message message(bytes);
  for (Field field; message.next(field);) {
    if (field.number == 2 && !field.text().empty()) {
      throw FileError(
          "SentencePieceTokenizer: the model has a denormalizer_spec with rules, which is not supported; expected a "
          "model without. Train it without denormalization_rule_tsv.");
    }
  }
}

void check_pieces(PieceProto& proto) {
  WordMap<int> seen;
  std::array<bool, 256> bytes{};
  int unknown = -1;
  for (const Piece& piece : proto.pieces) {
    const int id = static_cast<int>(seen.size());
    if (piece.text.empty() || piece.text.find('\0') != std::string::npos ||
        find_invalid(piece.text) != std::string::npos) {
      throw_invalid(fmt::format("piece {} is empty, has a NUL or is not UTF-8", id));
    }
    if (seen.add(piece.text) != static_cast<std::size_t>(id)) {
      throw_invalid(fmt::format("the piece \"{}\" comes twice", shown(piece.text)));
    }
    if (!std::isfinite(piece.score)) throw_invalid(fmt::format("the score of piece {} is not finite", id));
    if (piece.kind == PieceKind::unknown) {
      if (unknown >= 0) throw_invalid("two pieces are unknown ones");
      unknown = id;
    } else if (piece.kind == PieceKind::byte) {
      const int byte = PieceProto::byte_of(piece.text);
      if (byte < 0) throw_invalid(fmt::format("the byte piece \"{}\" names no byte", shown(piece.text)));
      bytes[static_cast<std::size_t>(byte)] = true;
    } else if (piece.kind == PieceKind::unused && proto.algorithm == PieceAlgorithm::bpe) {
      throw FileError(
          fmt::format("SentencePieceTokenizer: the bpe model has the unused piece \"{}\"; expected none, which are not "
                      "supported. Save the model without a restricted vocabulary.",
                      shown(piece.text)));
    }
  }
  if (unknown < 0) throw_invalid("no piece is the unknown one");
  proto.unknown_id = unknown;
  for (std::size_t byte = 0; proto.byte_fallback && byte < bytes.size(); ++byte) {
    if (!bytes[byte]) throw_invalid(fmt::format("byte_fallback is set, and the piece <0x{:02X}> is missing", byte));
  }
}

}  // namespace

int PieceProto::byte_of(std::string_view piece) {
  if (piece.size() != 6 || !piece.starts_with("<0x") || piece[5] != '>') return -1;
  int byte = 0;
  for (const char c : piece.substr(3, 2)) {
    if (c >= '0' && c <= '9') {
      byte = byte * 16 + (c - '0');
    } else if (c >= 'A' && c <= 'F') {
      byte = byte * 16 + (c - 'A' + 10);
    } else {
      return -1;
    }
  }
  return byte;
}

PieceProto read_piece_proto(std::string_view bytes) {
  PieceProto proto;
  Message message(bytes);
  for (Field field; message.next(field);) {
    if (field.number < 1 || field.number > 5) continue;  // extensions
    field.expect(2);
    if (field.number == 1) {
      if (proto.pieces.size() == static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        throw_invalid("it has more than 2^31 pieces");
      }
      proto.pieces.push_back(read_piece(field.bytes));
    } else if (field.number == 2) {
      read_trainer(field.bytes, proto);
    } else if (field.number == 3) {
      read_normalizer(field.bytes, proto);
    } else if (field.number == 5) {
      refuse_denormalizer(field.bytes);
    }
  }
  if (proto.pieces.empty()) throw_invalid("it has no pieces");
  check_pieces(proto);
  return proto;
}

}  // namespace xeras::text
