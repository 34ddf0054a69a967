#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "text/vectors_collector.hpp"

namespace xeras::text {

// The character n-grams of a fastText model. Each n-gram of <word> hashes to one of the buckets, which has a vector.
struct Subwords {
  std::size_t dim = 0;
  int minn = 0, maxn = 0;  // the lengths of n-grams, in characters
  std::uint32_t buckets = 0;
  Floats values;  // (buckets, dim)

  // Calls f(bucket) for each n-gram of a word, as fastText's Dictionary::computeSubwords.
  template <class F>
  void each_bucket(std::string_view word, const F& f) const {
    if (buckets == 0) return;
    const std::string marked = '<' + std::string(word) + '>';
    const auto continues = [&](std::size_t i) { return i < marked.size() && (marked[i] & 0xC0) == 0x80; };
    for (std::size_t i = 0; i < marked.size(); ++i) {
      if (continues(i)) continue;
      std::uint32_t hash = 2166136261u;  // FNV-1a, but with bytes as signed numbers
      std::size_t at = i;
      for (int n = 1; at < marked.size() && n <= maxn; ++n) {
        do {
          hash ^= static_cast<std::uint32_t>(static_cast<std::int8_t>(marked[at++]));
          hash *= 16777619u;
        } while (continues(at));
        if (n >= minn && !(n == 1 && (i == 0 || at == marked.size()))) f(hash % buckets);
      }
    }
  }

  // Adds the vectors of a word's n-grams to `row`, (dim), in fastText's order; returns their number.
  std::size_t add(std::string_view word, float* row) const;
  bool has_any(std::string_view word) const;
};

}  // namespace xeras::text
