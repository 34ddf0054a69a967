#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "xeras/core/input.hpp"
#include "xeras/text/array.hpp"

namespace xeras::text {

struct SkipgramsOptions {
  std::int64_t window_size = 4;   ///< how many words on either side
  double negative_samples = 1.0;  ///< random pairs for each true one
  bool shuffle = true;
  bool categorical = false;               ///< labels [0, 1] and [1, 0] instead of 1 and 0
  Input sampling_table = {};              ///< the probability with which each id is taken as a centre; default: always
  std::optional<std::int64_t> seed = {};  ///< of all that is random here; default: xeras::set_random_seed's
};

struct Skipgrams {
  Array<int> couples;  ///< (pairs, 2)
  Array<int> labels;   ///< (pairs), or (pairs, 2) when categorical
};

/// Pairs of words that stand near each other in a text, with label 1, and pairs of one of its words and a random one,
/// 1 <= id < vocabulary_size, with label 0. Id 0 is no word and is skipped, as centre and as neighbour.
///
/// Throws  InvalidArgument for sizes that cannot be; InvalidInput for an id that is not below vocabulary_size
/// Source  keras.preprocessing.sequence.skipgrams, where seed is only that of the shuffling
XERAS_API Skipgrams skipgrams(const std::vector<int>& sequence, std::int64_t vocabulary_size,
                              const SkipgramsOptions& options = {});

struct MakeSamplingTableOptions {
  double sampling_factor = 1e-5;
};

/// The probabilities with which word2vec keeps the words of each rank, (size), if frequencies follow Zipf's law:
/// min(1, sqrt(sampling_factor r)) with r = i (ln i + 0.577) + 1/2 - 1/(12 i). Rank 0 counts as 1.
///
/// Throws  InvalidArgument when size is negative or sampling_factor not positive
/// Source  keras.preprocessing.sequence.make_sampling_table
XERAS_API Array<double> make_sampling_table(std::int64_t size, const MakeSamplingTableOptions& options = {});

}  // namespace xeras::text
