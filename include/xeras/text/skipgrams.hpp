#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "xeras/core/input.hpp"
#include "xeras/text/array.hpp"

namespace xeras::text {

struct SkipgramsOptions {
  std::int64_t window_size = 4;   ///< number of words on either side
  double negative_samples = 1.0;  ///< random pairs per true pair
  bool shuffle = true;
  bool categorical = false;               ///< labels [0, 1] and [1, 0] instead of 1 and 0
  Input sampling_table = {};              ///< per id, the probability of use as a centre; default: always used
  std::optional<std::int64_t> seed = {};  ///< for all random numbers of the call; default: from xeras::set_random_seed
};

struct Skipgrams {
  Array<int> couples;  ///< (pairs, 2)
  Array<int> labels;   ///< (pairs), or (pairs, 2) when categorical
};

/// Makes training pairs for word2vec: pairs of words that stand near each other in a text, with label 1, and pairs of
/// one of its words with a random word, 1 <= id < vocabulary_size, with label 0. Id 0 is not a word and is skipped, as
/// centre and as neighbour.
///
///   const auto [couples, labels] = skipgrams({1, 2, 3}, 4, {.window_size = 1});
///
/// Throws  InvalidArgument for invalid sizes; InvalidInput for an id outside 0 .. vocabulary_size - 1
/// Source  keras.preprocessing.sequence.skipgrams, whose seed affects only the shuffling
XERAS_API Skipgrams skipgrams(const std::vector<int>& sequence, std::int64_t vocabulary_size,
                              const SkipgramsOptions& options = {});

struct MakeSamplingTableOptions {
  double sampling_factor = 1e-5;
};

/// Returns the probabilities, (size), with which word2vec keeps the word of each rank, for frequencies that follow
/// Zipf's law: min(1, sqrt(sampling_factor r)) with r = i (ln i + 0.577) + 1/2 - 1/(12 i). Rank 0 counts as 1.
///
///   skipgrams(ids, 1000, {.sampling_table = make_sampling_table(1000)});
///
/// Throws  InvalidArgument when size is negative or sampling_factor is not positive
/// Source  keras.preprocessing.sequence.make_sampling_table
XERAS_API Array<double> make_sampling_table(std::int64_t size, const MakeSamplingTableOptions& options = {});

}  // namespace xeras::text
