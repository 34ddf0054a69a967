#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "xeras/text/word_map.hpp"

namespace xeras::text {

// Words to look up in a WordMap, in groups: a lookup waits for memory, and those of a group wait at the same time.
// Calls f(word, hash) for each word, in their order.
template <class T, class F>
class GroupedLookups {
 public:
  GroupedLookups(const WordMap<T>& map, const F& f) : map_(map), f_(f) {}
  GroupedLookups(const GroupedLookups&) = delete;
  GroupedLookups& operator=(const GroupedLookups&) = delete;

  // The word must stay valid until the next flush.
  void add(std::string_view word) {
    if (size_ == words_.size()) flush();
    words_[size_] = word;
    hashes_[size_] = hash_of(word);
    map_.prefetch_slot(hashes_[size_++]);
  }
  // Call it at the end, and before words that were added become invalid.
  void flush() {
    for (std::size_t i = 0; i < size_; ++i) map_.prefetch_entry(hashes_[i]);
    for (std::size_t i = 0; i < size_; ++i) f_(words_[i], hashes_[i]);
    size_ = 0;
  }

 private:
  const WordMap<T>& map_;
  const F& f_;
  std::array<std::string_view, 32> words_;
  std::array<std::uint32_t, 32> hashes_;
  std::size_t size_ = 0;
};

}  // namespace xeras::text
