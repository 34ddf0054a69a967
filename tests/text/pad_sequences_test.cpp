#include "xeras/text/pad_sequences.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/input.hpp"

using namespace xeras;
using xeras::text::pad_sequences;

// Expected arrays: worked out by hand, after Keras's documentation.

TEST_CASE("pad_sequences pads in front, to the longest, with zeros") {
  const xt::xarray<int> padded = pad_sequences({{1}, {1, 2}, {1, 2, 3}});
  CHECK((padded == xt::xtensor<int, 2>{{0, 0, 1}, {0, 1, 2}, {1, 2, 3}}));
}

TEST_CASE("pad_sequences pads and truncates at either end") {
  const std::vector<std::vector<int>> sequences{{1}, {1, 2, 3}};
  CHECK((pad_sequences(sequences, {.maxlen = 2}) == xt::xtensor<int, 2>{{0, 1}, {2, 3}}));
  CHECK((pad_sequences(sequences, {.maxlen = 2, .padding = "post"}) == xt::xtensor<int, 2>{{1, 0}, {2, 3}}));
  CHECK((pad_sequences(sequences, {.maxlen = 2, .truncating = "post"}) == xt::xtensor<int, 2>{{0, 1}, {1, 2}}));
  CHECK((pad_sequences(sequences, {.maxlen = 4, .padding = "post", .truncating = "post", .value = -1}) ==
         xt::xtensor<int, 2>{{1, -1, -1, -1}, {1, 2, 3, -1}}));
}

TEST_CASE("pad_sequences takes brace lists, vectors, and vectors in braces") {
  const std::vector<int> ids{4, 5};
  CHECK((pad_sequences({ids, {6}}) == xt::xtensor<int, 2>{{4, 5}, {0, 6}}));
  CHECK((pad_sequences({{}, {7}}) == xt::xtensor<int, 2>{{0}, {7}}));
  CHECK((pad_sequences({{1, 2}, {3, 4}}) == xt::xtensor<int, 2>{{1, 2}, {3, 4}}));
  CHECK((pad_sequences({{5}}) == xt::xtensor<int, 2>{{5}}));
  const std::size_t maxlen = 1;
  CHECK((pad_sequences({ids}, {.maxlen = maxlen}) == xt::xtensor<int, 2>{{5}}));
}

TEST_CASE("pad_sequences keeps the type of the numbers") {
  const text::Array<float> floats = pad_sequences({{0.5f}, {1.5f, 2.5f}}, {.padding = "post", .value = 0.25});
  CHECK((floats == xt::xtensor<float, 2>{{0.5f, 0.25f}, {1.5f, 2.5f}}));
  CHECK((pad_sequences({{0.1}}, {.maxlen = 2}) == xt::xtensor<double, 2>{{0.0, 0.1}}));
  const std::vector<std::vector<std::int64_t>> large{{std::int64_t{1} << 40}};
  CHECK(pad_sequences(large)(0, 0) == std::int64_t{1} << 40);
}

TEST_CASE("pad_sequences of nothing is empty") {
  CHECK((pad_sequences(std::vector<std::vector<int>>()).shape() == std::vector<std::size_t>{0, 0}));
  CHECK((pad_sequences({{}, {}}).shape() == std::vector<std::size_t>{2, 0}));
  CHECK((pad_sequences({{}, {}}, {.maxlen = 2}) == xt::xtensor<int, 2>{{0, 0}, {0, 0}}));
}

TEST_CASE("pad_sequences gives what models take in place") {
  const auto padded = pad_sequences({{1}, {2, 3}});
  const Input input(padded);
  CHECK(input.data() == padded.data());
  CHECK(input.extents() == Extents({2, 2}));
  CHECK(input.kind() == Input::Kind::i32);
  const xt::xtensor<int, 2> fixed_rank = padded;
  CHECK(fixed_rank(1, 0) == 2);
}

TEST_CASE("pad_sequences refuses options that cannot be") {
  CHECK(message_of<InvalidArgument>([] { pad_sequences({{1}}, {.padding = "prae"}); }) ==
        "pad_sequences: padding \"prae\" is unknown; did you mean \"pre\"? Known: post, pre.");
  CHECK(message_of<InvalidArgument>([] { pad_sequences({{1}}, {.truncating = "middle"}); }) ==
        "pad_sequences: truncating \"middle\" is unknown; expected one of the known names. Known: post, pre.");
  CHECK(
      message_of<InvalidArgument>([] { pad_sequences({{1}}, {.maxlen = 0}); }) ==
      "pad_sequences: maxlen is 0; expected a positive integer. Leave it out for the length of the longest sequence.");
  for (const double value : {0.5, std::numeric_limits<double>::quiet_NaN()}) {
    CHECK(message_of<InvalidArgument>([&] {
            pad_sequences({{1}}, {.value = value});
          }).ends_with("; expected an integer, as in the sequences. Use sequences of floats for other numbers."));
  }
}

TEST_CASE("pad_sequences refuses a maxlen that memory cannot hold", "[memory]") {
  CHECK(
      message_of<InvalidArgument>([] {
        pad_sequences({{1}, {2}, {3}, {4}}, {.maxlen = std::int64_t{1} << 62});
      }) ==
      "pad_sequences: the result would have shape (4, 4611686018427387904); expected fewer than 2^45 numbers. Ask for "
      "less.");
  CHECK(message_of<InvalidArgument>([] {
          pad_sequences({{1}, {2}}, {.maxlen = std::int64_t{1} << 43});
        }) ==
        "pad_sequences: the result would have shape (2, 8796093022208); expected a result that fits in memory. Ask for "
        "less.");
}

TEST_CASE("pad_sequences refuses a value that the sequences' type does not hold") {
  const std::vector<std::vector<float>> sequences = {{1.0f}, {2.0f, 3.0f}};
  CHECK(message_of<InvalidArgument>([&] { pad_sequences(sequences, {.value = 1e300}); }) ==
        "pad_sequences: value is 1e+300; expected a finite number within the range of the sequences' type.");
  const auto padded_with = [](double value) {
    return message_of<InvalidArgument>([&] { pad_sequences({{1}, {2, 3}}, {.value = value}); });
  };
  CHECK(padded_with(1e12) ==
        "pad_sequences: value is 1000000000000; expected an integer of 32 bits, as in the sequences. Use sequences of "
        "std::int64_t for other values.");
  CHECK(padded_with(-3e9).starts_with("pad_sequences: value is -3000000000; expected an integer of 32 bits"));
  CHECK(padded_with(3e9).starts_with("pad_sequences: value is 3000000000; expected an integer of 32 bits"));
  CHECK(padded_with(0.5) ==
        "pad_sequences: value is 0.5; expected an integer, as in the sequences. Use sequences of floats for other "
        "numbers.");
  const double nan = std::nan(""), infinity = std::numeric_limits<double>::infinity();
  CHECK(padded_with(nan).starts_with("pad_sequences: value is nan; expected an integer, as in the sequences."));
  CHECK(padded_with(infinity).starts_with("pad_sequences: value is inf; expected an integer, as in the sequences."));
  const std::vector<std::vector<std::int64_t>> long_ids = {{1}, {2, 3}};
  CHECK(pad_sequences(long_ids, {.value = 1e12})(0, 0) == 1000000000000);
  CHECK(message_of<InvalidArgument>([&] { pad_sequences(long_ids, {.value = 1e19}); }) ==
        "pad_sequences: value is 1e+19; expected an integer of 64 bits, as in the sequences. Use sequences of floats "
        "for other values.");
}
