#include "xeras/text/word_map.hpp"

#include <fmt/format.h>

#include <cstring>
#include <random>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

struct Seed {
  std::uint64_t first, second;
};

std::uint64_t draw() {
  static std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

// Folds all 128 bits of a product into 64; the result is unpredictable without both factors.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

template <class Number>
std::uint64_t load(const char* from) {
  Number value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

// Returns at most 8 bytes as a number, distinct for distinct texts of the same length.
std::uint64_t load_rest(const char* from, std::size_t bytes) {
  if (bytes >= 4) return load<std::uint32_t>(from) << 32 | load<std::uint32_t>(from + bytes - 4);
  if (bytes == 0) return 0;
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(from[i])}; };
  return byte(0) << 16 | byte(bytes / 2) << 8 | byte(bytes - 1);
}

}  // namespace

std::uint32_t hash_of(std::string_view word) {
  static const Seed seed{draw(), draw() | 1};
  std::uint64_t hash = seed.first;
  const char* from = word.data();
  std::size_t left = word.size();
  for (; left > 8; from += 8, left -= 8) hash = fold(hash ^ load<std::uint64_t>(from), seed.second);
  hash = fold(hash ^ load_rest(from, left), seed.second + 2 * word.size());
  return static_cast<std::uint32_t>(hash ^ hash >> 32);
}

void throw_missing_word(std::string_view word, std::size_t known) {
  throw InvalidArgument(
      fmt::format("WordMap: \"{}\" is missing; expected one of its {} words. Call contains() or find() first.",
                  shown(word), known));
}

}  // namespace xeras::text
