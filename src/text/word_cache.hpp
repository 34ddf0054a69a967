#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

#include "xeras/text/word_map.hpp"

namespace xeras::text {

/// Remembers the ids of words. It holds a limited number of short words and forgets all of them when it is full, so its
/// memory is bounded (usually below 8 MiB, at most 20) for any texts, and results do not depend on it. One thread uses
/// it at a time.
class WordCache {
 public:
  static constexpr std::size_t longest_word = 64;                  // in bytes
  static constexpr std::size_t most_words = std::size_t{1} << 17;  // those of several languages
  static constexpr std::size_t most_bytes = std::size_t{1} << 23;  // of letters and ids

  /// Appends the ids of a word that is known; otherwise calls encode(), which appends them, and remembers them.
  template <class Encode>
  void append(std::string_view word, std::vector<int>& ids, const Encode& encode) {
    if (word.size() > longest_word) return encode();
    const std::uint32_t hash = hash_of(word);
    if (!slots_.empty()) {
      const Slot& slot = slots_[slot_of(word, hash)];
      if (slot.is_used) {
        const int* from = ids_.data() + slot.ids;
        ids.insert(ids.end(), from, from + slot.count);
        return;
      }
    }
    const std::size_t before = ids.size();
    encode();
    remember(word, hash, ids.data() + before, ids.size() - before);
  }
  std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t letters = 0;  // position in letters_
    std::uint32_t ids = 0;      // position in ids_
    std::uint8_t length = 0;
    bool is_used = false;
    std::uint16_t count = 0;
  };

  std::size_t slot_of(std::string_view word, std::uint32_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = hash & mask;
    while (slots_[i].is_used && (slots_[i].hash != hash || slots_[i].length != word.size() ||
                                 std::memcmp(letters_.data() + slots_[i].letters, word.data(), word.size()) != 0)) {
      i = (i + 1) & mask;
    }
    return i;
  }
  void remember(std::string_view word, std::uint32_t hash, const int* ids, std::size_t count);

  std::vector<Slot> slots_;  // open addressing, at most half full
  std::vector<char> letters_;
  std::vector<int> ids_;
  std::size_t size_ = 0;
};

}  // namespace xeras::text
