#include "xeras/text/skipgrams.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "catch.hpp"
#include "support/messages.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

using namespace xeras;
using xeras::text::make_sampling_table;
using xeras::text::Skipgrams;
using xeras::text::skipgrams;

namespace {
constexpr double rounding = 1e-9;  // of the digits printed

// How many rows are (centre, other) with this label.
std::size_t count(const Skipgrams& grams, int centre, int other, int label) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < grams.labels.size(); ++i) {
    found += grams.couples(i, 0) == centre && grams.couples(i, 1) == other && grams.labels(i) == label;
  }
  return found;
}
}  // namespace

// keras-preprocessing 1.1.2
TEST_CASE("skipgrams pairs each word with its neighbours and skips id 0") {
  const auto [couples, labels] =
      skipgrams({1, 2, 0, 3}, 4, {.window_size = 2, .negative_samples = 0, .shuffle = false});
  CHECK((couples == xt::xtensor<int, 2>{{1, 2}, {2, 1}, {2, 3}, {3, 2}}));
  CHECK((labels == xt::xarray<int>{1, 1, 1, 1}));
}

TEST_CASE("skipgrams gives labels of two columns when categorical") {
  const auto grams = skipgrams({1, 2}, 3, {.window_size = 1, .shuffle = false, .categorical = true});
  CHECK((grams.labels == xt::xtensor<int, 2>{{0, 1}, {0, 1}, {1, 0}, {1, 0}}));
}

TEST_CASE("skipgrams adds random pairs of words of the text and any id but 0") {
  const auto grams = skipgrams({1, 2, 3}, 5, {.window_size = 1, .negative_samples = 2.6, .shuffle = false, .seed = 1});
  REQUIRE(grams.labels.size() == 4 + 10);  // int(4 * 2.6)
  std::vector<std::size_t> centres(4);
  for (std::size_t i = 4; i < 14; ++i) {
    CHECK(grams.labels(i) == 0);
    CHECK((grams.couples(i, 1) >= 1 && grams.couples(i, 1) < 5));
    ++centres.at(static_cast<std::size_t>(grams.couples(i, 0)));
  }
  // The centres 1, 2, 2, 3 in any order, two and a half times.
  CHECK(centres[1] + centres[2] + centres[3] == 10);
  CHECK((centres[2] >= 4 && centres[2] <= 6));
}

TEST_CASE("skipgrams shuffles pairs together with their labels") {
  const auto grams = skipgrams({1, 2, 3}, 4, {.window_size = 1, .seed = 5});
  CHECK(grams.labels.size() == 8);
  CHECK(count(grams, 1, 2, 1) == 1);
  CHECK(count(grams, 2, 1, 1) == 1);
  CHECK(count(grams, 2, 3, 1) == 1);
  CHECK(count(grams, 3, 2, 1) == 1);
  CHECK(std::count(grams.labels.begin(), grams.labels.end(), 0) == 4);
  std::vector<int> ids(100);
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<int>(i + 1);
  const auto in_order = skipgrams(ids, 101, {.negative_samples = 0, .shuffle = false});
  CHECK((skipgrams(ids, 101, {.negative_samples = 0, .seed = 5}).couples != in_order.couples));
}

TEST_CASE("skipgrams repeats itself with a seed, its own or the library's") {
  const std::vector<int> ids{1, 2, 3, 4, 5, 6};
  CHECK((skipgrams(ids, 50, {.seed = 7}).couples == skipgrams(ids, 50, {.seed = 7}).couples));
  CHECK((skipgrams(ids, 50, {.seed = 7}).couples != skipgrams(ids, 50, {.seed = 8}).couples));
  set_random_seed(1);
  const auto first = skipgrams(ids, 50);
  set_random_seed(1);
  CHECK((first.couples == skipgrams(ids, 50).couples));
}

TEST_CASE("skipgrams takes a centre with the probability of its id") {
  const std::vector<double> table{1, 0, 1};
  const auto grams = skipgrams({1, 2, 1, 2}, 3, {.window_size = 1, .negative_samples = 0, .sampling_table = table});
  CHECK(grams.labels.size() == 3);
  CHECK(count(grams, 2, 1, 1) == 3);
  CHECK(skipgrams({1, 2, 1}, 3, {.sampling_table = make_sampling_table(3, {.sampling_factor = 10})}).labels.size() > 0);
}

TEST_CASE("skipgrams of one word is empty") {
  const auto grams = skipgrams({1}, 3);
  CHECK((grams.couples.shape() == std::vector<std::size_t>{0, 2}));
  CHECK((grams.labels.shape() == std::vector<std::size_t>{0}));
  CHECK(skipgrams({}, 3).labels.size() == 0);
}

TEST_CASE("skipgrams refuses what cannot be") {
  CHECK(message_of<InvalidArgument>([] { skipgrams({1}, 1); }) ==
        "skipgrams: vocabulary_size is 1; expected 2 or more. It is the largest id + 1.");
  CHECK(message_of<InvalidArgument>([] { skipgrams({1}, 2, {.window_size = -1}); }) ==
        "skipgrams: window_size is -1; expected 0 or more. It is the number of words on either side.");
  CHECK(message_of<InvalidArgument>([] { skipgrams({1}, 2, {.negative_samples = -0.5}); }) ==
        "skipgrams: negative_samples is -0.5; expected 0 or more. It is the number of random pairs for each true one.");
  CHECK(message_of<InvalidArgument>([] {
          skipgrams({1}, 3, {.sampling_table = {0.1, 0.2}});
        }) ==
        "skipgrams: sampling_table has shape (2,); expected (3,), a probability for each id. Make it with "
        "make_sampling_table(3).");
  CHECK(message_of<InvalidInput>([] {
          skipgrams({1, 3}, 3);
        }) ==
        "skipgrams: id 3 at step 1; expected 0..2 (vocabulary_size 3). A Tokenizer counts its words from 1: "
        "vocabulary_size is their number + 1.");
  CHECK(message_of<InvalidInput>([] {
          skipgrams({1, -2}, 3);
        }) ==
        "skipgrams: id -2 at step 1; expected 0..2 (vocabulary_size 3). Ids count from 0; is a missing word encoded as "
        "a negative number?");
}

// keras-preprocessing 1.1.2
TEST_CASE("make_sampling_table gives word2vec's probabilities by rank") {
  using Catch::Matchers::WithinAbs;
  const auto table = make_sampling_table(1001);
  REQUIRE(table.size() == 1001);
  CHECK_THAT(table(0), WithinAbs(0.003152248, rounding));
  CHECK(table(1) == table(0));
  CHECK_THAT(table(2), WithinAbs(0.005475973, rounding));
  CHECK_THAT(table(3), WithinAbs(0.007415564, rounding));
  CHECK_THAT(table[1000], WithinAbs(0.27359194424633204, rounding));
  CHECK_THAT(make_sampling_table(4, {.sampling_factor = 0.1})(3), WithinAbs(0.74155641, rounding));
  CHECK(make_sampling_table(100, {.sampling_factor = 1})(99) == 1.0);
  CHECK(make_sampling_table(0).size() == 0);
}

TEST_CASE("make_sampling_table refuses what cannot be") {
  CHECK(message_of<InvalidArgument>([] { make_sampling_table(-1); }) ==
        "make_sampling_table: size is -1; expected 0 or more. It is the largest id + 1.");
  CHECK(message_of<InvalidArgument>([] { make_sampling_table(5, {.sampling_factor = 0}); }) ==
        "make_sampling_table: sampling_factor is 0; expected a positive number. 1e-5 is usual.");
}

TEST_CASE("skipgrams refuses sizes that no ids and no memory hold", "[memory]") {
  CHECK(message_of<InvalidArgument>([] {
          skipgrams({1, 2}, std::int64_t{1} << 40);
        }) == "skipgrams: vocabulary_size is 1099511627776; expected at most 2^31, since ids are of type int.");
  CHECK(message_of<InvalidArgument>([] {
          skipgrams({1, 2}, 3, {.negative_samples = 1e300});
        }) ==
        "skipgrams: negative_samples is 1e+300 for 2 pairs; expected fewer than 2^45 pairs in all. 1 to 20 are usual.");
  CHECK(message_of<InvalidArgument>([] {
          skipgrams({1, 2}, 3, {.negative_samples = 1e13});
        }) ==
        "skipgrams: negative_samples is 10000000000000 for 2 pairs; expected a number of pairs that fits in memory. 1 "
        "to 20 are usual.");
}

TEST_CASE("skipgrams refuses a sampling_table with NaN") {
  CHECK(message_of<InvalidArgument>([] {
          skipgrams({1, 2}, 3, {.sampling_table = {0.1, std::nan(""), 0.2}});
        }) == "skipgrams: sampling_table has NaN; expected probabilities. Make it with make_sampling_table.");
}

TEST_CASE("skipgrams takes a window of 2^63 - 1") {
  CHECK(skipgrams({1, 2}, 3, {.window_size = std::numeric_limits<std::int64_t>::max(), .negative_samples = 0})
            .labels.size() == 2);
}

TEST_CASE("make_sampling_table refuses a size that memory cannot hold", "[memory]") {
  CHECK(
      message_of<InvalidArgument>([] { make_sampling_table(std::int64_t{1} << 62); }) ==
      "make_sampling_table: the result would have shape (4611686018427387904,); expected fewer than 2^45 numbers. Ask "
      "for less.");
  CHECK(message_of<InvalidArgument>([] { make_sampling_table(std::int64_t{1} << 44); }) ==
        "make_sampling_table: the result would have shape (17592186044416,); expected a result that fits in memory. "
        "Ask for less.");
  CHECK(message_of<InvalidArgument>([] {
          make_sampling_table(5, {.sampling_factor = std::numeric_limits<double>::infinity()});
        }) == "make_sampling_table: sampling_factor is inf; expected a positive number. 1e-5 is usual.");
}
