#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// The hashes of fastText.
namespace xeras::text {

// FNV-1a, but with bytes as signed numbers.
constexpr std::uint32_t fasttext_hash_start = 2166136261u;
inline std::uint32_t fasttext_hash(std::uint32_t hash, char byte) {
  return (hash ^ static_cast<std::uint32_t>(static_cast<std::int8_t>(byte))) * 16777619u;
}
inline std::uint32_t fasttext_hash(std::string_view word) {
  std::uint32_t hash = fasttext_hash_start;
  for (const char byte : word) hash = fasttext_hash(hash, byte);
  return hash;
}

inline bool continues_character(char byte) { return (byte & 0xC0) == 0x80; }

// Calls f(hash) for each n-gram of minn to maxn characters of <word>, as fastText's Dictionary::computeSubwords. A lone
// "<" or ">" is none.
template <class F>
void each_subword_hash(std::string_view word, std::int64_t minn, std::int64_t maxn, const F& f) {
  constexpr std::size_t usual = 256;
  char here[usual];
  std::string longer;
  char* marked = here;
  const std::size_t size = word.size() + 2;
  if (size > usual) {
    longer.resize(size);
    marked = longer.data();
  }
  marked[0] = '<';
  std::copy(word.begin(), word.end(), marked + 1);
  marked[size - 1] = '>';
  const auto continues = [&](std::size_t i) { return i < size && continues_character(marked[i]); };
  for (std::size_t i = 0; i < size; ++i) {
    if (continues(i)) continue;
    std::uint32_t hash = fasttext_hash_start;
    std::size_t at = i;
    for (std::int64_t n = 1; at < size && n <= maxn; ++n) {
      do hash = fasttext_hash(hash, marked[at++]);
      while (continues(at));
      if (n >= minn && !(n == 1 && (i == 0 || at == size))) f(hash);
    }
  }
}

// Returns how often each_subword_hash calls f.
inline std::int64_t count_subwords(std::string_view word, std::int64_t minn, std::int64_t maxn) {
  const std::int64_t characters =
      2 + std::count_if(word.begin(), word.end(), [](char c) { return !continues_character(c); });
  std::int64_t count = 0;
  for (std::int64_t n = std::max<std::int64_t>(minn, 1); n <= std::min(maxn, characters); ++n) {
    count += n == 1 ? characters - 2 : characters - n + 1;
  }
  return count;
}

}  // namespace xeras::text
