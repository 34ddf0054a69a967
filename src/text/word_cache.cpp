#include "text/word_cache.hpp"

#include <algorithm>

namespace xeras::text {

void WordCache::remember(std::string_view word, std::uint32_t hash, const int* ids, std::size_t count) {
  if (count > longest_word) return;  // so that the ids are bounded, too
  if (size_ == most_words || letters_.size() + ids_.size() * sizeof(int) > most_bytes) {
    std::fill(slots_.begin(), slots_.end(), Slot());
    letters_.clear();
    ids_.clear();
    size_ = 0;
  }
  if (2 * (size_ + 1) > slots_.size()) {
    const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(slots_.empty() ? 256 : 2 * slots_.size()));
    const std::size_t mask = slots_.size() - 1;
    for (const Slot& slot : old) {
      if (!slot.is_used) continue;
      std::size_t i = slot.hash & mask;
      while (slots_[i].is_used) i = (i + 1) & mask;
      slots_[i] = slot;
    }
  }
  const Slot slot{hash,
                  static_cast<std::uint32_t>(letters_.size()),
                  static_cast<std::uint32_t>(ids_.size()),
                  static_cast<std::uint8_t>(word.size()),
                  true,
                  static_cast<std::uint16_t>(count)};
  // The slot comes last, so that a failed allocation leaves a valid cache.
  letters_.insert(letters_.end(), word.begin(), word.end());
  ids_.insert(ids_.end(), ids, ids + count);
  slots_[slot_of(word, hash)] = slot;
  ++size_;
}

}  // namespace xeras::text
