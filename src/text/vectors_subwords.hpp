#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "text/subword_hashes.hpp"
#include "text/vectors_collector.hpp"

namespace xeras::text {

// The character n-grams of a fastText model. Each n-gram of <word> hashes to one of the buckets, which has a vector.
struct Subwords {
  std::size_t dim = 0;
  int minn = 0, maxn = 0;  // the lengths of n-grams, in characters
  std::uint32_t buckets = 0;
  Floats values;  // (buckets, dim)

  // Calls f(bucket) for each n-gram of a word.
  template <class F>
  void each_bucket(std::string_view word, const F& f) const {
    if (buckets == 0) return;
    each_subword_hash(word, minn, maxn, [&](std::uint32_t hash) { f(hash % buckets); });
  }

  // Adds the vectors of a word's n-grams to `row`, (dim), in fastText's order; returns their number.
  std::size_t add(std::string_view word, float* row) const;
  bool has_any(std::string_view word) const;
};

}  // namespace xeras::text
