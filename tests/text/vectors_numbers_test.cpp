#include "text/vectors_numbers.hpp"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "catch.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;

namespace {

// The float and how many characters it takes; 0 if there is none.
std::pair<float, std::size_t> read(const std::string& text) {
  float value = 0;
  const char* const behind = text::read_float(text.data(), text.data() + text.size(), value);
  return {value, behind == nullptr ? 0 : static_cast<std::size_t>(behind - text.data())};
}

}  // namespace

TEST_CASE("read_float reads the forms of numbers") {
  using Result = std::pair<float, std::size_t>;
  CHECK(read("1") == Result(1.0f, 1));
  CHECK(read("-0.25 7") == Result(-0.25f, 5));
  CHECK(read("+3.5") == Result(3.5f, 4));
  CHECK(read(".5") == Result(0.5f, 2));
  CHECK(read("5.") == Result(5.0f, 2));
  CHECK(read("12e-1") == Result(1.2f, 5));
  CHECK(read("1.5E+2x") == Result(150.0f, 6));
  CHECK(read("00000000000000000000001.5") == Result(1.5f, 25));
  CHECK(read("1e-400") == Result(0.0f, 6));
  CHECK(read("1e-45") == Result(std::bit_cast<float>(1u), 5));
  CHECK(read("3.4028235e+38") == Result(3.4028235e+38f, 13));
  CHECK(std::isinf(read("1e39").first));
  CHECK(std::isinf(read("1e400").first));
  CHECK(std::isinf(read(std::string(400, '9')).first));
  CHECK(read("0." + std::string(400, '0') + "1") == Result(0.0f, 403));
  CHECK(std::signbit(read("-0").first));
  for (const char* none : {"", "-", "+", ".", "e5", "+-1", "x", "--1"}) CHECK(read(none).second == 0);
}

TEST_CASE("read_float rounds as std::from_chars") {
  const RandomStream stream(1);
  char text[64];
  for (std::uint64_t i = 0; i < 200000; ++i) {
    // Shortest digits of any float, 17 digits of a double, and a number half way between two floats.
    const auto any = std::bit_cast<float>(static_cast<std::uint32_t>(stream.bits(i)));
    if (!std::isfinite(any)) continue;
    const double value = i % 3 == 0   ? any
                         : i % 3 == 1 ? stream.uniform(i) - 0.5
                                      : (double{any} + double{std::nextafter(any, 0.0f)}) / 2;
    const auto written = i % 3 == 0 ? std::to_chars(text, text + sizeof text, any)
                                    : std::to_chars(text, text + sizeof text, value, std::chars_format::general, 17);
    float expected = 0, found = 0;
    if (std::from_chars(text, written.ptr, expected).ec != std::errc()) continue;
    REQUIRE(text::read_float(text, written.ptr, found) == written.ptr);
    REQUIRE(std::bit_cast<std::uint32_t>(found) == std::bit_cast<std::uint32_t>(expected));
  }
}

TEST_CASE("read_float rounds numbers that are half way between two floats after the first rounding") {
  // 1 + 2^-24 + 2^-60: as a double it is half way between two floats, though it is above.
  CHECK(read("1.00000005960464477626").first == std::nextafter(1.0f, 2.0f));
  CHECK(read("1.000000059604644775390625").first == 1.0f);  // half way, to even
  CHECK(read("8388608.5").first == 8388608.0f);
  CHECK(read("8388609.5").first == 8388610.0f);
}

TEST_CASE("split_line separates a word, with or without spaces, from its numbers") {
  float numbers[2] = {};
  const auto word = [&](std::string_view line) {
    const text::SplitLine split = text::split_line(line, 2, numbers);
    CHECK(split.fault == text::LineFault::none);
    CHECK(text::word_of_line(line, 2) == split.word);
    CHECK(numbers[0] == 0.5f);
    CHECK(numbers[1] == -1.0f);
    return split.word;
  };
  CHECK(word("tea 0.5 -1") == "tea");
  CHECK(word("tea\t0.5  -1") == "tea");
  CHECK(word(". . . 0.5 -1") == ". . .");
  CHECK(word("2 3 0.5 -1") == "2 3");
  CHECK(word(" 0.5 -1") == "");
  CHECK(text::count_trailing_numbers("2 3 0.5 -1") == 3);
  CHECK(text::count_trailing_numbers("tea x 0.5 -1") == 2);
  CHECK(text::count_trailing_numbers("tea") == 0);
}

TEST_CASE("split_line tells what is wrong") {
  float numbers[2] = {};
  const auto split = [&](std::string_view line) { return text::split_line(line, 2, numbers); };
  CHECK(split("tea 0.5").fault == text::LineFault::too_few);
  CHECK(split("tea 0.5").fields == 1);
  CHECK(split("tea").fields == 0);
  CHECK(split("tea 0.5 x").fault == text::LineFault::not_a_number);
  CHECK(split("tea 0.5 x").culprit == "x");
  CHECK(split("tea 0.5 1x").culprit == "1x");
  CHECK(split("tea nan 1").fault == text::LineFault::not_finite);
  CHECK(split("tea 1 1e39").culprit == "1e39");
  CHECK(text::word_of_line("tea 0.5", 2) == "");
}
