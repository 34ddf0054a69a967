#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::text {

[[noreturn]] XERAS_API void throw_missing_word(std::string_view word, std::size_t known);

/// Returns a hash that is seeded per process, so that nobody can craft words with equal hashes.
XERAS_API std::uint32_t hash_of(std::string_view word);

/// A map from words to values that keeps the order of insertion, like Python's dict.
///
///   for (const auto& [word, index] : tokenizer.word_index()) std::cout << word << ' ' << index << '\n';
///
/// Throws  InvalidArgument when at() or [] lacks the word
template <class T>
class WordMap {
 public:
  using value_type = std::pair<std::string, T>;
  using const_iterator = typename std::vector<value_type>::const_iterator;

  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }
  const_iterator begin() const { return entries_.begin(); }
  const_iterator end() const { return entries_.end(); }

  /// Returns the entry of a word, or end().
  const_iterator find(std::string_view word) const {
    if (empty()) return end();
    const Slot& slot = slots_[slot_of(word, hash_of(word))];
    return slot.place == 0 ? end() : begin() + (slot.place - 1);
  }
  /// Returns the position of a word in the order, or size(). The hash is hash_of(word).
  std::size_t position_of(std::string_view word, std::uint32_t hash) const {
    if (empty()) return 0;
    const std::uint32_t place = slots_[slot_of(word, hash)].place;
    return place == 0 ? size() : place - 1;
  }
  /// Fetch what a lookup of a word with this hash reads first, and then what it reads next, for lookups of many words.
  /// Inline, since GCC removes calls of functions that only prefetch.
  [[gnu::always_inline]] void prefetch_slot(std::uint32_t hash) const {
    if (!empty()) __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]);
  }
  [[gnu::always_inline]] void prefetch_entry(std::uint32_t hash) const {
    if (empty()) return;
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].place != 0 && slots_[i].hash != hash) i = (i + 1) & mask;
    if (slots_[i].place == 0) return;
    const auto* const entry = reinterpret_cast<const char*>(&entries_[slots_[i].place - 1]);
    __builtin_prefetch(entry);  // an entry may lie in two lines of the cache
    __builtin_prefetch(entry + sizeof(value_type) - 1);
  }
  bool contains(std::string_view word) const { return find(word) != end(); }
  std::size_t count(std::string_view word) const { return contains(word) ? 1 : 0; }
  const T& at(std::string_view word) const {
    const const_iterator found = find(word);
    if (found == end()) throw_missing_word(word, size());
    return found->second;
  }
  const T& operator[](std::string_view word) const { return at(word); }

  /// Returns the position of a word in the order. A new word goes to the end, with the value T().
  std::size_t add(std::string_view word) { return add(word, hash_of(word)); }
  std::size_t add(std::string_view word, std::uint32_t hash) {
    if (2 * (size() + 1) > slots_.size()) grow();
    Slot& slot = slots_[slot_of(word, hash)];
    if (slot.place == 0) {
      entries_.emplace_back(word, T());
      slot = {hash, static_cast<std::uint32_t>(size())};
    }
    return slot.place - 1;
  }
  const value_type& entry(std::size_t position) const { return entries_[position]; }
  T& value(std::size_t position) { return entries_[position].second; }

 private:
  // Open addressing, at most half full. The stored hash lets lookups skip most other words without comparing letters,
  // and growth needs no rehashing.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t place = 0;  // position + 1; 0 means a free slot
  };

  std::size_t slot_of(std::string_view word, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].place != 0 && (slots_[i].hash != hash || entries_[slots_[i].place - 1].first != word)) {
      i = (i + 1) & mask;
    }
    return i;
  }
  void grow() {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 16 : 2 * slots_.size()));
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (slot.place == 0) continue;
      std::size_t i = slot.hash & mask;
      while (slots_[i].place != 0) i = (i + 1) & mask;
      slots_[i] = slot;
    }
  }

  std::vector<value_type> entries_;
  std::vector<Slot> slots_;
};

}  // namespace xeras::text
