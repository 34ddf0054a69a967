#pragma once

#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "text/byte_alphabet.hpp"

// Vocabularies for tokenizers of subwords, small enough to work with by hand.
namespace xeras::testing {

// All bytes, then the tokens of `more`.
inline std::vector<std::pair<std::string, int>> all_bytes(const std::vector<std::string>& more = {}) {
  std::vector<std::pair<std::string, int>> result;
  for (int byte = 0; byte < 256; ++byte) {
    result.emplace_back(text::spell_byte(static_cast<unsigned char>(byte)), byte);
  }
  for (const std::string& token : more) result.emplace_back(token, static_cast<int>(result.size()));
  return result;
}

// Protobuf's wire format, with lengths below 128.
inline std::string bytes_field(int number, const std::string& bytes) {
  return std::string{static_cast<char>(number << 3 | 2), static_cast<char>(bytes.size())} + bytes;
}
inline std::string number_field(int number, int value) {
  std::string key(1, static_cast<char>((number << 3 & 0x7F)));
  if (number >= 16) key = {static_cast<char>((number << 3 & 0x7F) | 0x80), static_cast<char>(number >> 4)};
  return key + static_cast<char>(value);
}
inline std::string piece(const std::string& text, float score, int type) {
  std::string bytes(4, '\0');
  std::memcpy(bytes.data(), &score, 4);
  return bytes_field(
      1, bytes_field(1, text) + std::string(1, static_cast<char>(2 << 3 | 5)) + bytes + number_field(3, type));
}

constexpr int unigram = 1, byte_pair = 2;

// A model of SentencePiece of that type: <unk> <s> </s> ▁ a b ▁a ab.
inline std::string sentence_piece_model(int type) {
  return piece("<unk>", 0, 2) + piece("<s>", 0, 3) + piece("</s>", 0, 3) + piece("\u2581", -2, 1) + piece("a", -3, 1) +
         piece("b", -3, 1) + piece("\u2581a", -4, 1) + piece("ab", -1, 1) + bytes_field(2, number_field(3, type));
}

}  // namespace xeras::testing
