#include "xeras/text/skipgrams.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/id_advice.hpp"
#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "text/room.hpp"
#include "xeras/core/error.hpp"
#include "xeras/core/random.hpp"

namespace xeras::text {
namespace {

// Draws random numbers one after the other.
class Random {
 public:
  explicit Random(const std::optional<std::int64_t>& seed)
      : stream_(seed ? static_cast<std::uint64_t>(*seed) : next_random_seed()) {}
  double uniform() { return stream_.uniform(drawn_++); }
  std::size_t below(std::size_t limit) { return stream_.below(drawn_++, limit); }
  template <class T>
  void shuffle(std::vector<T>& values) {
    for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[below(left)]);
  }

 private:
  RandomStream stream_;
  std::uint64_t drawn_ = 0;
};

struct Pair {
  int centre, other;
  bool is_true;
};

void check(const std::vector<int>& sequence, std::int64_t vocabulary_size, const SkipgramsOptions& options) {
  if (vocabulary_size < 2) {
    throw InvalidArgument(fmt::format("skipgrams: vocabulary_size is {}; expected 2 or more. It is the largest id + 1.",
                                      vocabulary_size));
  }
  constexpr std::int64_t largest = std::int64_t{1} << 31;
  if (vocabulary_size > largest) {
    throw InvalidArgument(fmt::format(
        "skipgrams: vocabulary_size is {}; expected at most 2^31, since ids are of type int.", vocabulary_size));
  }
  if (options.window_size < 0) {
    throw InvalidArgument(
        fmt::format("skipgrams: window_size is {}; expected 0 or more. It is the number of words on "
                    "either side.",
                    options.window_size));
  }
  if (!(options.negative_samples >= 0.0) || std::isinf(options.negative_samples)) {
    throw InvalidArgument(
        fmt::format("skipgrams: negative_samples is {}; expected 0 or more. It is the number of "
                    "random pairs for each true one.",
                    options.negative_samples));
  }
  const Extents& table = options.sampling_table.extents();
  if (options.sampling_table && (table.rank() != 1 || table[0] < vocabulary_size)) {
    throw InvalidArgument(
        fmt::format("skipgrams: sampling_table has shape {}; expected ({},), a probability for each "
                    "id. Make it with make_sampling_table({}).",
                    table.to_string(), vocabulary_size, vocabulary_size));
  }
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    if (sequence[i] >= 0 && sequence[i] < vocabulary_size) continue;
    throw InvalidInput(fmt::format("skipgrams: id {} at step {}; expected 0..{} (vocabulary_size {}). {}", sequence[i],
                                   i, vocabulary_size - 1, vocabulary_size,
                                   advice_for_id(sequence[i], vocabulary_size, "vocabulary_size")));
  }
}

}  // namespace

Skipgrams skipgrams(const std::vector<int>& sequence, std::int64_t vocabulary_size,
                    const SkipgramsOptions& options) try {
  const MaskedTraps masked;
  check(sequence, vocabulary_size, options);
  Random random(options.seed);
  const Tensor table = options.sampling_table ? options.sampling_table.to_tensor() : Tensor();
  if (std::any_of(table.begin(), table.end(), [](float chance) { return std::isnan(chance); })) {
    throw InvalidArgument(
        "skipgrams: sampling_table has NaN; expected probabilities. Make it with make_sampling_table.");
  }
  const auto length = static_cast<std::int64_t>(sequence.size());
  const std::int64_t window = std::min(options.window_size, length);

  std::vector<Pair> pairs;
  for (std::int64_t i = 0; i < length; ++i) {
    const int centre = sequence[static_cast<std::size_t>(i)];
    if (centre == 0) continue;
    if (options.sampling_table && table(static_cast<std::size_t>(centre)) < random.uniform()) continue;
    for (std::int64_t j = std::max<std::int64_t>(0, i - window); j < std::min(length, i + window + 1); ++j) {
      const int other = sequence[static_cast<std::size_t>(j)];
      if (j != i && other != 0) pairs.push_back({centre, other, true});
    }
  }

  std::vector<int> centres(pairs.size());
  std::transform(pairs.begin(), pairs.end(), centres.begin(), [](const Pair& pair) { return pair.centre; });
  random.shuffle(centres);
  const double wanted = static_cast<double>(pairs.size()) * options.negative_samples;
  const auto fail = [&](const char* expected) {
    throw InvalidArgument(fmt::format("skipgrams: negative_samples is {} for {} pairs; expected {}. 1 to 20 are usual.",
                                      options.negative_samples, pairs.size(), expected));
  };
  if (wanted > static_cast<double>(most_numbers)) fail("fewer than 2^45 pairs in all");
  const auto num_negative = static_cast<std::size_t>(wanted);
  try {
    pairs.reserve(pairs.size() + num_negative);
  } catch (const std::bad_alloc&) {
    fail("a number of pairs that fits in memory");
  }
  for (std::size_t i = 0; i < num_negative; ++i) {
    const std::size_t other = 1 + random.below(static_cast<std::size_t>(vocabulary_size - 1));
    pairs.push_back({centres[i % centres.size()], static_cast<int>(other), false});
  }
  if (options.shuffle) random.shuffle(pairs);

  using Axes = std::vector<std::size_t>;
  const auto integers = [](const Axes& sizes) {
    return make_array("skipgrams", sizes, [](const Axes& axes) { return Array<int>(axes); });
  };
  Skipgrams result{integers({pairs.size(), 2}),
                   integers(options.categorical ? Axes{pairs.size(), 2} : Axes{pairs.size()})};
  int* couple = result.couples.data();
  int* label = result.labels.data();
  for (const Pair& pair : pairs) {
    *couple++ = pair.centre;
    *couple++ = pair.other;
    if (options.categorical) *label++ = pair.is_true ? 0 : 1;
    *label++ = pair.is_true ? 1 : 0;
  }
  return result;
} catch (...) {
  rethrow_as("skipgrams");
}

Array<double> make_sampling_table(std::int64_t size, const MakeSamplingTableOptions& options) try {
  const MaskedTraps masked;
  if (size < 0) {
    throw InvalidArgument(
        fmt::format("make_sampling_table: size is {}; expected 0 or more. It is the largest id + 1.", size));
  }
  if (!(options.sampling_factor > 0.0 && std::isfinite(options.sampling_factor))) {
    throw InvalidArgument(
        fmt::format("make_sampling_table: sampling_factor is {}; expected a positive number. 1e-5 is "
                    "usual.",
                    options.sampling_factor));
  }
  auto table = make_array("make_sampling_table", {static_cast<std::size_t>(size)},
                          [](const auto& sizes) { return Array<double>(sizes); });
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double rank = static_cast<double>(std::max<std::size_t>(i, 1));
    const double ratio = rank * (std::log(rank) + 0.577) + 0.5 - 1.0 / (12.0 * rank);
    table(i) = std::min(1.0, std::sqrt(options.sampling_factor * ratio));
  }
  return table;
} catch (...) {
  rethrow_as("make_sampling_table");
}

}  // namespace xeras::text
