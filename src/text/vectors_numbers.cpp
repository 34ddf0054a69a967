#include "text/vectors_numbers.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

namespace xeras::text {
namespace {

// The powers of ten that a double holds exactly.
constexpr double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                             1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
constexpr int largest_power = 22;
constexpr int most_digits = 15;  // every such integer is a double

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads digits: `digits` becomes 10^n digits + the number of n digits, modulo 2^64. Returns the position behind them.
const char* read_digits(const char* at, const char* end, std::uint64_t& digits) {
  constexpr std::size_t block = 8;
  if (std::endian::native == std::endian::little && static_cast<std::size_t>(end - at) >= block) {
    static constexpr std::uint64_t shift[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
    // Up to eight digits at once, without a branch that depends on their number.
    std::uint64_t bytes;
    std::memcpy(&bytes, at, block);
    bytes ^= 0x3030303030303030u;  // digits become 0 .. 9
    const std::uint64_t others = ((bytes + 0x7676767676767676u) | bytes) & 0x8080808080808080u;
    const auto count = static_cast<unsigned>(std::countr_zero(others)) / 8;  // 8 if all are digits
    if (count == 0) return at;
    bytes <<= 64 - 8 * count;  // leading zeros
    bytes = 10 * bytes + (bytes >> 8);
    constexpr std::uint64_t pairs = 0x000000FF000000FFu;
    bytes = ((bytes & pairs) * 0x000F424000000064u + ((bytes >> 16) & pairs) * 0x0000271000000001u) >> 32;
    digits = digits * shift[count] + bytes;
    at += count;
    if (count < block) return at;
  }
  while (at < end && is_digit(*at)) digits = 10 * digits + static_cast<std::uint64_t>(*at++ - '0');
  return at;
}

// Reads any number, at any length.
const char* read_any(const char* from, const char* end, float& value) {
  if (from < end && *from == '+') {
    ++from;
    if (from < end && *from == '-') return nullptr;
  }
  auto [stop, error] = std::from_chars(from, end, value);
  if (error == std::errc()) return stop;
  if (error == std::errc::invalid_argument) return nullptr;
  // Too large or too small; only the former has a positive exponent as a double.
  double wide = 0;
  if (std::from_chars(from, end, wide).ec == std::errc()) {
    value = static_cast<float>(wide);
    return stop;
  }
  const std::string_view text(from, static_cast<std::size_t>(stop - from));
  const std::size_t exponent = text.find_first_of("eE");
  const bool is_small = exponent == text.npos ? text.find_first_of("123456789") > text.find('.')
                                              : text.substr(exponent + 1).starts_with('-');
  value = is_small ? 0.0f : std::numeric_limits<float>::infinity();
  return stop;
}

std::size_t length_of(const char* from, const char* end) { return static_cast<std::size_t>(end - from); }

const char* end_of_field(const char* from, const char* end) {
  while (from < end && !is_space(*from)) ++from;
  return from;
}

// Returns the start of the last `count` fields; `fields` becomes the number of fields found, at most count.
const char* start_of_last(const char* begin, const char* end, std::size_t count, std::size_t& fields) {
  const char* at = end;
  for (fields = 0; fields < count; ++fields) {
    const char* start = at;
    while (start > begin && !is_space(start[-1])) --start;
    if (start == begin) break;  // this field is the word, or a part of it
    at = start;
    if (fields + 1 < count) {
      while (at > begin && is_space(at[-1])) --at;
      if (at == begin) {  // only an empty word is before it
        ++fields;
        return start;
      }
    }
  }
  return at;
}

// Reads `dim` numbers up to the end, each behind at least one space.
SplitLine read_numbers(const char* from, const char* end, std::size_t dim, float* numbers) {
  SplitLine line;
  for (std::size_t i = 0; i < dim; ++i) {
    if (from == end || !is_space(*from)) {
      line.fault = LineFault::too_few;
      line.fields = i;
      return line;
    }
    while (from < end && is_space(*from)) ++from;
    const char* const behind = read_float(from, end, numbers[i]);
    if (behind == nullptr || (behind < end && !is_space(*behind))) {
      line.fault = LineFault::not_a_number;
      line.culprit = {from, length_of(from, end_of_field(from, end))};
      return line;
    }
    if (!std::isfinite(numbers[i])) {
      line.fault = LineFault::not_finite;
      line.culprit = {from, length_of(from, behind)};
      return line;
    }
    from = behind;
  }
  if (from != end) line.fault = LineFault::not_a_number;  // more fields: the first ones belong to the word
  return line;
}

}  // namespace

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && (is_space(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Most numbers have few digits. Their digits and their power of ten are doubles, so the quotient is correctly rounded,
// and rounding it again to a float is right, too, unless it is half way between two floats (Clinger, How to read
// floating point numbers accurately).
const char* read_float(const char* const from, const char* end, float& value) {
  if (from == end) return nullptr;
  // Signs are as good as random, so no branch depends on them.
  const bool is_negative = *from == '-';
  const char* at = from + (is_negative ? 1 : 0);
  std::uint64_t digits = 0;
  const char* const first = at;
  while (at < end && is_digit(*at)) digits = 10 * digits + static_cast<std::uint64_t>(*at++ - '0');
  int count = static_cast<int>(at - first > 100 ? 100 : at - first);
  int exponent = 0;
  if (at < end && *at == '.') {
    const char* const point = ++at;
    at = read_digits(at, end, digits);
    const int behind = static_cast<int>(at - point > 100 ? 100 : at - point);
    exponent = -behind;
    count += behind;
  }
  if (count == 0) return read_any(from, end, value);
  if (at < end && (*at == 'e' || *at == 'E')) {
    const char* power = at + 1;
    const bool is_small = power < end && *power == '-';
    if (power < end && (*power == '-' || *power == '+')) ++power;
    if (power == end || !is_digit(*power)) return read_any(from, end, value);
    int given = 0;
    while (power < end && is_digit(*power) && given < 1000) given = 10 * given + (*power++ - '0');
    if (given >= 1000) return read_any(from, end, value);
    exponent += is_small ? -given : given;
    at = power;
  }
  // 19 digits fit into 64 bits, leading zeros aside; a double holds 15 exactly.
  constexpr std::uint64_t most = 1'000'000'000'000'000;
  constexpr int most_in_word = 19;
  if (count > most_in_word || digits >= most || exponent < -largest_power || exponent > largest_power) {
    return read_any(from, end, value);
  }
  static_assert(most_digits == 15 && most <= std::uint64_t{1} << 53);
  const double exact = static_cast<double>(digits);
  const double wide = exponent < 0 ? exact / powers[-exponent] : exact * powers[exponent];
  constexpr std::uint64_t lost_bits = (std::uint64_t{1} << 29) - 1, half_way = std::uint64_t{1} << 28;
  const bool is_half_way = (std::bit_cast<std::uint64_t>(wide) & lost_bits) == half_way;
  if (is_half_way || (digits != 0 && wide < double{std::numeric_limits<float>::min()}) ||
      wide > double{std::numeric_limits<float>::max()}) {
    return read_any(from, end, value);
  }
  value = std::copysign(static_cast<float>(wide), is_negative ? -1.0f : 1.0f);
  return at;
}

std::size_t count_trailing_numbers(std::string_view line) {
  const char* const begin = line.data();
  const char* at = begin + line.size();
  for (std::size_t count = 0;; ++count) {
    const char* const end = at;
    while (at > begin && !is_space(at[-1])) --at;
    float value = 0;
    if (at == begin || read_float(at, end, value) != end) return count;
    while (at > begin && is_space(at[-1])) --at;
    if (at == begin) return count + 1;
  }
}

SplitLine split_line(std::string_view line, std::size_t dim, float* numbers) {
  const char* const begin = line.data();
  const char* const end = begin + line.size();
  const char* const word_end = end_of_field(begin, end);
  SplitLine split = read_numbers(word_end, end, dim, numbers);
  split.word = {begin, length_of(begin, word_end)};
  if (split.fault == LineFault::none) return split;
  // Perhaps the word has spaces.
  std::size_t fields = 0;
  const char* start = start_of_last(begin, end, dim, fields);
  if (fields < dim) {
    split.fault = LineFault::too_few;
    split.fields = fields;
    return split;
  }
  while (start > begin && is_space(start[-1])) --start;
  split = read_numbers(start, end, dim, numbers);
  split.word = {begin, length_of(begin, start)};
  return split;
}

std::string_view word_of_line(std::string_view line, std::size_t dim) {
  const char* const begin = line.data();
  std::size_t fields = 0;
  const char* start = start_of_last(begin, begin + line.size(), dim, fields);
  if (fields < dim) return {};
  while (start > begin && is_space(start[-1])) --start;
  return {begin, length_of(begin, start)};
}

}  // namespace xeras::text
