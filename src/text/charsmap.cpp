#include "text/charsmap.hpp"

#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value |= static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at + i])) << (8 * i);
  }
  return value;
}

// A unit has the label of the edge to it, the offset of its children, and whether one of these holds a value.
std::size_t offset_of(std::uint32_t unit) { return std::size_t{unit >> 10} << ((unit & (1U << 9)) >> 6); }
bool has_leaf(std::uint32_t unit) { return (unit >> 8 & 1) != 0; }
std::uint32_t label_of(std::uint32_t unit) { return unit & ((1U << 31) | 0xFF); }
std::uint32_t value_of(std::uint32_t unit) { return unit & ((1U << 31) - 1); }

}  // namespace

Charsmap::Charsmap(std::string_view precompiled) {
  is_plain_.fill(true);
  if (precompiled.empty()) return;
  if (precompiled.size() < 4 || number_at(precompiled, 0) > precompiled.size() - 4) {
    throw FileError(
        "SentencePieceTokenizer: the precompiled_charsmap ends too early; expected a model of SentencePiece. The file "
        "may "
        "be damaged.");
  }
  const std::size_t size = number_at(precompiled, 0);
  for (std::size_t at = 0; at + 4 <= size; at += 4) units_.push_back(number_at(precompiled, 4 + at));
  texts_ = precompiled.substr(4 + size);
  for (unsigned first = 0; first < is_plain_.size(); ++first) {
    std::size_t node = 0;
    bool has_value = false;
    if (units_.empty()) break;
    node ^= offset_of(units_[0]);
    if (!step(node, static_cast<unsigned char>(first), has_value)) continue;
    is_plain_[first] = !has_value;
    for (unsigned second = 0; second < 128 && is_plain_[first]; ++second) {
      std::size_t next = node;
      if (step(next, static_cast<unsigned char>(second), has_value)) is_plain_[first] = false;
    }
  }
}

// Follows an edge; `node` is the place of a node's children.
bool Charsmap::step(std::size_t& node, unsigned char byte, bool& has_value) const {
  const std::size_t child = node ^ byte;
  if (child >= units_.size() || label_of(units_[child]) != byte) return false;
  has_value = has_leaf(units_[child]);
  node = child ^ offset_of(units_[child]);
  return true;
}

Charsmap::Match Charsmap::longest(std::string_view text) const {
  Match match;
  if (units_.empty()) return match;
  std::size_t node = offset_of(units_[0]);
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool has_value = false;
    if (!step(node, static_cast<unsigned char>(text[i]), has_value)) break;
    if (!has_value || node >= units_.size()) continue;
    match.length = i + 1;
    place = value_of(units_[node]);
  }
  if (match.length > 0 && place < texts_.size()) {
    const std::size_t end = texts_.find('\0', place);
    match.replacement =
        std::string_view(texts_).substr(place, (end == std::string::npos ? texts_.size() : end) - place);
  }
  return match;
}

}  // namespace xeras::text
