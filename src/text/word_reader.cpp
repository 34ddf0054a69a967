#include "text/word_reader.hpp"

#include <utility>

#include "core/parallel.hpp"

namespace xeras::text {
namespace {

constexpr std::size_t room_in_bytes = room_of_thread * sizeof(float);

bool is_ascii_punctuation(unsigned char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

}  // namespace

char* WordMemory::bytes(std::size_t count) { return bytes_and_places(count, 0).first; }

std::pair<char*, std::uint64_t*> WordMemory::bytes_and_places(std::size_t bytes, std::size_t places) {
  const std::size_t size = places * sizeof(std::uint64_t) + bytes;
  void* memory = nullptr;
  if (size <= room_in_bytes) {
    memory = scratch_of_thread();
  } else {
    if (size > own_size_) {
      own_.reset();
      own_ = std::make_unique_for_overwrite<std::uint64_t[]>(size / sizeof(std::uint64_t) + 1);
      own_size_ = size;
    }
    memory = own_.get();
  }
  auto* const first = static_cast<std::uint64_t*>(memory);
  return {reinterpret_cast<char*>(first + places), first};
}

WordReader::WordReader(WordRules rules) : rules_(std::move(rules)) {
  for (std::size_t c = 0; c < kinds_.size(); ++c) {
    const auto byte = static_cast<unsigned char>(c);
    std::uint16_t kind = byte;
    if (rules_.lower && byte >= 'A' && byte <= 'Z') kind = static_cast<std::uint16_t>(byte + ('a' - 'A'));
    if (rules_.strip_punctuation && is_ascii_punctuation(byte)) kind = dropped;
    plain_kinds_[c] = kind;
    kinds_[c] = byte == ' ' || (byte >= '\t' && byte <= '\r') ? space : kind;
  }
}

std::string_view WordReader::standardized(std::string_view text, char* to) const {
  char* const begin = to;
  for (const char c : text) {
    const std::uint16_t kind = plain_kinds_[static_cast<unsigned char>(c)];
    if (kind == dropped) continue;
    *to++ = static_cast<char>(kind);
  }
  return {begin, static_cast<std::size_t>(to - begin)};
}

std::string WordReader::standardized(std::string_view text) const {
  std::string result(text.size(), '\0');
  result.resize(standardized(text, result.data()).size());
  return result;
}

std::size_t WordReader::count_of(std::size_t words) const {
  if (rules_.ngrams.empty()) return words;
  std::size_t count = 0;
  for (const std::int64_t size : rules_.ngrams) {
    const auto joined = static_cast<std::size_t>(size);
    if (words >= joined) count += words - joined + 1;
  }
  return count;
}

std::size_t WordReader::count(std::string_view text, WordMemory& memory) const {
  if (rules_.splitting == Splitting::none) return count_of(1);
  std::size_t words = 0;
  if (rules_.splitting == Splitting::character) {
    each_character(standardized(text, memory.bytes(text.size())), [&](std::string_view) {
      ++words;
      return true;
    });
    return count_of(words);
  }
  bool inside = false;
  for (const char c : text) {
    const std::uint16_t kind = kinds_[static_cast<unsigned char>(c)];
    words += !inside && kind < space;
    inside = kind != space && (inside || kind != dropped);
  }
  return count_of(words);
}

}  // namespace xeras::text
