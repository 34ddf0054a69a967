#include "text/piece_encoder.hpp"

#include <algorithm>
#include <limits>

#include "text/piece_normalizer.hpp"

namespace xeras::text {
namespace {

// The penalty of an unknown character, relative to the worst piece.
constexpr float unknown_penalty = 10.0f;

bool is_of_texts(const Piece& piece) {
  return piece.kind == PieceKind::normal || piece.kind == PieceKind::user_defined || piece.kind == PieceKind::unused;
}

std::vector<std::pair<std::string, int>> pieces_of_texts(const PieceProto& proto) {
  std::vector<std::pair<std::string, int>> result;
  for (std::size_t id = 0; id < proto.pieces.size(); ++id) {
    if (is_of_texts(proto.pieces[id])) result.emplace_back(proto.pieces[id].text, static_cast<int>(id));
  }
  return result;
}

// Returns the size of the character at the start of a text by its first byte: a malicious model may normalize texts to
// what is not UTF-8.
std::size_t character_size(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const std::size_t size = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  return std::min(size, text.size());
}

bool has_space_inside(std::string_view piece) {
  while (piece.starts_with(space_symbol)) piece.remove_prefix(space_symbol.size());
  return piece.find(space_symbol) != std::string_view::npos;
}

}  // namespace

PieceEncoder::PieceEncoder(const PieceProto& proto, const Trie& user_defined)
    : algorithm_(proto.algorithm),
      user_defined_(user_defined),
      trie_(algorithm_ == PieceAlgorithm::unigram ? pieces_of_texts(proto)
                                                  : std::vector<std::pair<std::string, int>>()),
      unknown_(proto.unknown_id),
      is_by_word_(algorithm_ == PieceAlgorithm::bpe && proto.escape_whitespaces) {
  float smallest = std::numeric_limits<float>::max();
  largest_score_ = std::numeric_limits<float>::min();  // the smallest positive number, as in SentencePiece
  for (const Piece& piece : proto.pieces) {
    scores_.push_back(piece.score);
    kinds_.push_back(piece.kind);
    if (piece.kind == PieceKind::normal) {
      smallest = std::min(smallest, piece.score);
      largest_score_ = std::max(largest_score_, piece.score);
    }
    if (is_of_texts(piece)) {
      if (algorithm_ != PieceAlgorithm::unigram) {
        ids_.value(ids_.add(piece.text)) = static_cast<int>(scores_.size()) - 1;
      }
      if (has_space_inside(piece.text)) is_by_word_ = false;
    }
    if (piece.kind == PieceKind::byte && proto.byte_fallback) {
      byte_ids_.resize(256);
      byte_ids_[static_cast<std::size_t>(PieceProto::byte_of(piece.text))] = static_cast<int>(scores_.size()) - 1;
    }
  }
  unknown_score_ = smallest - unknown_penalty;
}

int PieceEncoder::id_of(std::string_view piece) const {
  const auto found = ids_.find(piece);
  return found == ids_.end() ? unknown_ : found->second;
}

// Returns the size of a user defined symbol or character at the start of a text.
std::size_t PieceEncoder::symbol_at(std::string_view text, bool& is_user_defined) const {
  const std::size_t size = user_defined_.longest_prefix(text);
  is_user_defined = size > 0;
  return is_user_defined ? size : character_size(text);
}

// Finds the path with the largest sum of scores, of equal sums the first one. Sums are in float, as in SentencePiece
// 0.2.3, because ties depend on it.
void PieceEncoder::encode_unigram(std::string_view text, Scratch& scratch) const {
  auto& best = scratch.best;
  best.assign(text.size() + 1, {});
  const auto improve = [&](std::size_t end, float score, int id, std::size_t begin) {
    Scratch::Best& target = best[end];
    if (target.begin < 0 || score > target.score) target = {score, id, static_cast<std::int64_t>(begin)};
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::string_view rest = text.substr(begin);
    const std::size_t character = character_size(rest);
    const float before = best[begin].score;
    bool has_character = false;
    trie_.each_prefix(rest, [&](std::size_t length, int id) {
      const PieceKind kind = kinds_[static_cast<std::size_t>(id)];
      if (kind == PieceKind::unused) return;
      const float score = kind == PieceKind::user_defined ? static_cast<float>(length) * largest_score_ - 0.1f
                                                          : scores_[static_cast<std::size_t>(id)];
      improve(begin + length, score + before, id, begin);
      has_character |= length == character;
    });
    if (!has_character) {
      improve(begin + character, unknown_score_ + before, unknown_, begin);
    }
    begin += character;
  }
  for (std::size_t end = text.size(); end > 0;) {
    const auto begin = static_cast<std::size_t>(best[end].begin);
    scratch.parts.push_back({static_cast<std::uint32_t>(end - begin), best[end].id});
    end = begin;
  }
  std::reverse(scratch.parts.begin(), scratch.parts.end());
}

void PieceEncoder::push_pair(std::string_view text, std::int64_t left, std::int64_t right, Scratch& scratch) const {
  if (left < 0 || right < 0) return;
  const Scratch::Symbol& one = scratch.symbols[static_cast<std::size_t>(left)];
  const Scratch::Symbol& other = scratch.symbols[static_cast<std::size_t>(right)];
  if (one.is_frozen || other.is_frozen) return;
  const std::uint32_t size = one.size + other.size;
  const auto found = ids_.find(text.substr(one.begin, size));
  if (found == ids_.end()) return;
  scratch.heap.push_back({scores_[static_cast<std::size_t>(found->second)], static_cast<std::uint32_t>(left),
                          static_cast<std::uint32_t>(right), size});
}

// Joins neighbors that form a piece, the one with the largest score first, of equal ones the leftmost.
void PieceEncoder::encode_bpe(std::string_view text, Scratch& scratch) const {
  auto& symbols = scratch.symbols;
  auto& heap = scratch.heap;
  symbols.clear();
  heap.clear();
  for (std::size_t begin = 0; begin < text.size();) {
    Scratch::Symbol symbol;
    const std::size_t size = symbol_at(text.substr(begin), symbol.is_frozen);
    symbol.begin = static_cast<std::uint32_t>(begin);
    symbol.size = static_cast<std::uint32_t>(size);
    symbol.before = static_cast<std::int64_t>(symbols.size()) - 1;
    begin += size;
    symbol.next = begin == text.size() ? -1 : static_cast<std::int64_t>(symbols.size()) + 1;
    symbols.push_back(symbol);
  }
  const auto is_later = [](const Scratch::Pair& a, const Scratch::Pair& b) {
    return a.score < b.score || (a.score == b.score && a.left > b.left);
  };
  for (std::size_t i = 1; i < symbols.size(); ++i) {
    push_pair(text, static_cast<std::int64_t>(i) - 1, static_cast<std::int64_t>(i), scratch);
  }
  std::make_heap(heap.begin(), heap.end(), is_later);
  const auto push_new = [&](std::int64_t left, std::int64_t right) {
    const std::size_t before = heap.size();
    push_pair(text, left, right, scratch);
    if (heap.size() > before) std::push_heap(heap.begin(), heap.end(), is_later);
  };
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), is_later);
    const Scratch::Pair pair = heap.back();
    heap.pop_back();
    Scratch::Symbol& left = symbols[pair.left];
    Scratch::Symbol& right = symbols[pair.right];
    // A pair remains in the heap when one of its symbols has joined another.
    if (left.size == 0 || right.size == 0 || left.size + right.size != pair.size) continue;
    left.size = pair.size;
    left.next = right.next;
    if (right.next >= 0) symbols[static_cast<std::size_t>(right.next)].before = pair.left;
    right.size = 0;
    push_new(left.before, pair.left);
    push_new(pair.left, left.next);
  }
  for (const Scratch::Symbol& symbol : symbols) {
    if (symbol.size > 0) scratch.parts.push_back({symbol.size, id_of(text.substr(symbol.begin, symbol.size))});
  }
}

void PieceEncoder::encode_words(std::string_view text, Scratch& scratch) const {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(space_symbol, begin + 1), text.size());
    scratch.parts.push_back({static_cast<std::uint32_t>(end - begin), id_of(text.substr(begin, end - begin))});
    begin = end;
  }
}

void PieceEncoder::encode_characters(std::string_view text, Scratch& scratch) const {
  for (std::size_t begin = 0; begin < text.size();) {
    bool is_user_defined = false;
    const std::size_t size = symbol_at(text.substr(begin), is_user_defined);
    scratch.parts.push_back({static_cast<std::uint32_t>(size), id_of(text.substr(begin, size))});
    begin += size;
  }
}

void PieceEncoder::encode(std::string_view text, Scratch& scratch, std::vector<int>& ids) const {
  scratch.parts.clear();
  switch (algorithm_) {
    case PieceAlgorithm::unigram:
      encode_unigram(text, scratch);
      break;
    case PieceAlgorithm::bpe:
      encode_bpe(text, scratch);
      break;
    case PieceAlgorithm::word:
      encode_words(text, scratch);
      break;
    case PieceAlgorithm::character:
      encode_characters(text, scratch);
      break;
  }
  std::size_t begin = 0;
  bool follows_unknown = false;
  for (const Scratch::Part& part : scratch.parts) {
    const bool is_unknown = part.id == unknown_;
    if (is_unknown && has_bytes()) {
      for (const char c : text.substr(begin, part.size)) ids.push_back(byte_ids_[static_cast<unsigned char>(c)]);
    } else if (!is_unknown || !follows_unknown) {
      ids.push_back(part.id);
    }
    follows_unknown = is_unknown;
    begin += part.size;
  }
}

}  // namespace xeras::text
