#include "text/merger.hpp"

#include <algorithm>
#include <bit>

#include "xeras/text/word_map.hpp"

namespace xeras::text {
namespace {

constexpr std::uint32_t none = ~std::uint32_t{0};

std::uint32_t hash_of_pair(int left, int right) {
  const int pair[] = {left, right};
  return hash_of({reinterpret_cast<const char*>(pair), sizeof pair});
}

}  // namespace

Merger::Merger(std::span<const Rule> rules) : slots_(std::bit_ceil(2 * rules.size() + 2)) {
  std::uint32_t rank = 0;
  for (const Rule& rule : rules) {
    Slot& slot = slots_[slot_of(rule.left, rule.right)];
    if (slot.left < 0) slot = {rule.left, rule.right, rule.joined, rank};
    ++rank;
  }
}

std::size_t Merger::slot_of(int left, int right) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = hash_of_pair(left, right) & mask;
  while (slots_[i].left >= 0 && (slots_[i].left != left || slots_[i].right != right)) i = (i + 1) & mask;
  return i;
}

// Adds the pair of a symbol and its next one to the heap, if there is a rule for it.
void Merger::push(Scratch& scratch, std::uint32_t at) const {
  const Scratch::Symbol& symbol = scratch.symbols[at];
  if (symbol.next == none) return;
  const Slot& slot = slots_[slot_of(symbol.id, scratch.symbols[symbol.next].id)];
  if (slot.left < 0) return;
  scratch.heap.push_back({slot.rank, at, slot.left, slot.right, slot.joined});
}

void Merger::apply(std::span<const int> tokens, Scratch& scratch, std::vector<int>& result) const {
  auto& symbols = scratch.symbols;
  auto& heap = scratch.heap;
  symbols.clear();
  heap.clear();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto at = static_cast<std::uint32_t>(i);
    symbols.push_back({tokens[i], i == 0 ? none : at - 1, i + 1 == tokens.size() ? none : at + 1});
  }
  const auto is_later = [](const Scratch::Pair& a, const Scratch::Pair& b) {
    return a.rank != b.rank ? a.rank > b.rank : a.at > b.at;
  };
  for (std::uint32_t i = 0; i < symbols.size(); ++i) push(scratch, i);
  std::make_heap(heap.begin(), heap.end(), is_later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), is_later);
    const Scratch::Pair pair = heap.back();
    heap.pop_back();
    Scratch::Symbol& left = symbols[pair.at];
    // A pair remains in the heap when an earlier rule has taken one of its tokens.
    if (left.id != pair.left || left.next == none || symbols[left.next].id != pair.right) continue;
    Scratch::Symbol& right = symbols[left.next];
    left.id = pair.joined;
    left.next = right.next;
    right.id = -1;
    if (left.next != none) symbols[left.next].before = pair.at;
    const auto push_new = [&](std::uint32_t at) {
      const std::size_t before = heap.size();
      push(scratch, at);
      if (heap.size() > before) std::push_heap(heap.begin(), heap.end(), is_later);
    };
    if (left.before != none) push_new(left.before);
    push_new(pair.at);
  }
  for (const Scratch::Symbol& symbol : symbols) {
    if (symbol.id >= 0) result.push_back(symbol.id);
  }
}

}  // namespace xeras::text
