// Tables for an Embedding, and counts of the words that have a vector.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "text/room.hpp"
#include "text/utf8.hpp"
#include "text/vectors_state.hpp"
#include "xeras/core/random.hpp"

namespace xeras::text {
namespace {

constexpr const char* oov_token = "[UNK]";  // of Keras's vocabularies

enum class Missing { zeros, mean, random_uniform, random_normal, error };

Missing missing_of(const std::string& name) {
  static constexpr std::pair<const char*, Missing> known[] = {{"zeros", Missing::zeros},
                                                              {"mean", Missing::mean},
                                                              {"random_uniform", Missing::random_uniform},
                                                              {"random_normal", Missing::random_normal},
                                                              {"error", Missing::error}};
  std::vector<std::string> names;
  for (const auto& [each, missing] : known) {
    if (name == each) return missing;
    names.emplace_back(each);
  }
  throw InvalidArgument("Vectors: " + unknown_name("missing", name, names));
}

std::int64_t check_num_words(const std::optional<Count>& num_words) {
  const std::int64_t count = num_words ? std::int64_t{*num_words} : 1;
  if (count > 0) return count;
  throw InvalidArgument(
      fmt::format("Vectors: num_words is {}; expected a positive integer. Leave it out for all words.", count));
}

std::string lower_case_of(std::string_view word) {
  std::string lower;
  append_lower(find_invalid(word) == std::string_view::npos ? std::string(word) : replace_invalid(word), lower);
  return lower;
}

// Returns how many words of a vocabulary, at its start, are none: "" and "[UNK]", as in TextVectorization.
std::size_t special_words(const std::vector<std::string>& vocabulary) {
  std::size_t count = !vocabulary.empty() && vocabulary[0].empty() ? 1 : 0;
  if (count < vocabulary.size() && vocabulary[count] == oov_token) ++count;
  return count;
}

struct Moments {
  double mean = 0, deviation = 0;
};

Moments moments_of(const Floats& values) {
  Moments moments;
  const auto count = static_cast<double>(std::max<std::size_t>(values.size(), 1));
  for (const float value : values) moments.mean += value;
  moments.mean /= count;
  for (const float value : values) moments.deviation += (value - moments.mean) * (value - moments.mean);
  moments.deviation = std::sqrt(moments.deviation / count);
  return moments;
}

std::vector<float> mean_row(const Floats& values, std::size_t dim) {
  std::vector<double> sums(dim);
  for (std::size_t i = 0; i < values.size(); i += dim) {
    for (std::size_t k = 0; k < dim; ++k) sums[k] += values[i + k];
  }
  const auto rows = static_cast<double>(std::max<std::size_t>(values.size() / dim, 1));
  std::vector<float> mean(dim);
  std::transform(sums.begin(), sums.end(), mean.begin(), [&](double sum) { return static_cast<float>(sum / rows); });
  return mean;
}

}  // namespace

// Makes a table from (id, word) pairs with ids below `rows`, and the id of a word that counts as missing.
Tensor Vectors::table_of(std::int64_t rows, const std::vector<std::pair<std::int64_t, std::string_view>>& words,
                         std::optional<std::int64_t> unknown, const VectorsMatrixOptions& options) const {
  const MaskedTraps masked;
  const Missing missing = missing_of(options.missing);
  const State& state = *state_;
  const std::size_t dim = state.dim;
  Tensor table =
      make_array("Vectors", {static_cast<std::size_t>(rows), dim}, [](const auto& sizes) { return Tensor(sizes); });
  std::fill(table.begin(), table.end(), 0.0f);
  // Bytes, because threads may not write to neighbouring bits.
  std::vector<char> is_missing(static_cast<std::size_t>(rows));
  parallel_for(words.size(), dim, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto& [id, word] = words[i];
      float* const row = table.data() + static_cast<std::size_t>(id) * dim;
      is_missing[static_cast<std::size_t>(id)] =
          !(state.find(word, false, row) || (options.lower && state.find(lower_case_of(word), false, row)) ||
            (options.subwords && state.find(word, true, row)));
    }
  });
  if (unknown) is_missing[static_cast<std::size_t>(*unknown)] = true;

  const auto first = std::find(is_missing.begin(), is_missing.end(), true);
  if (first == is_missing.end()) return table;
  if (missing == Missing::error) {
    const auto id = first - is_missing.begin();
    const auto word = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == id; });
    throw InvalidArgument(fmt::format(
        "Vectors: the word \"{}\" with id {} has no vector, and missing is \"error\"; expected a vector for "
        "each word. Set missing = \"zeros\", \"mean\", \"random_uniform\" or \"random_normal\".",
        word == words.end() ? oov_token : shown(word->second), id));
  }
  const bool is_random = missing == Missing::random_uniform || missing == Missing::random_normal;
  const RandomStream stream(!is_random     ? 0
                            : options.seed ? static_cast<std::uint64_t>(*options.seed)
                                           : next_random_seed());
  const Moments moments = missing == Missing::random_normal ? moments_of(state.values) : Moments();
  const std::vector<float> mean = missing == Missing::mean ? mean_row(state.values, dim) : std::vector<float>(dim);
  for (std::size_t id = 0; id < is_missing.size(); ++id) {
    if (!is_missing[id]) continue;
    float* const row = table.data() + id * dim;
    for (std::size_t k = 0; k < dim; ++k) {
      constexpr double limit = 0.05;
      const std::uint64_t position = id * dim + k;
      if (missing == Missing::random_uniform) {
        row[k] = static_cast<float>(limit * (2.0 * stream.uniform(position) - 1.0));
      } else if (missing == Missing::random_normal) {
        row[k] = static_cast<float>(moments.mean + moments.deviation * stream.normal(position));
      } else {
        row[k] = mean[k];
      }
    }
  }
  return table;
}

Tensor Vectors::matrix(const WordMap<int>& word_index, const VectorsMatrixOptions& options) const try {
  const std::int64_t most = check_num_words(options.num_words);
  std::int64_t rows = 1;
  std::vector<std::pair<std::int64_t, std::string_view>> words;
  words.reserve(word_index.size());
  for (const auto& [word, id] : word_index) {
    if (id < 0) {
      throw InvalidInput(
          fmt::format("Vectors: the word \"{}\" has id {}; expected 0 or more. Number words from 1.", shown(word), id));
    }
    if (options.num_words && id >= most) continue;
    rows = std::max(rows, std::int64_t{id} + 1);
    words.emplace_back(id, word);
  }
  // Two threads would write the row of an id that two words have.
  std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto same =
      std::adjacent_find(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  if (same != words.end()) {
    throw InvalidInput(
        fmt::format("Vectors: the words \"{}\" and \"{}\" have id {}; expected an id per word. Number the "
                    "words again.",
                    shown(same[0].second), shown(same[1].second), same->first));
  }
  return table_of(options.num_words ? most : rows, words, {}, options);
} catch (...) {
  rethrow_as("Vectors");
}

Tensor Vectors::matrix(const std::vector<std::string>& vocabulary, const VectorsMatrixOptions& options) const try {
  const std::int64_t most = check_num_words(options.num_words);
  const auto size = static_cast<std::int64_t>(vocabulary.size());
  const std::int64_t rows = options.num_words ? most : size;
  const auto special = static_cast<std::int64_t>(special_words(vocabulary));
  std::vector<std::pair<std::int64_t, std::string_view>> words;
  for (std::int64_t id = special; id < std::min(size, rows); ++id) {
    words.emplace_back(id, vocabulary[static_cast<std::size_t>(id)]);
  }
  const bool has_unknown = special > 0 && special <= rows && !vocabulary[static_cast<std::size_t>(special - 1)].empty();
  return table_of(rows, words, has_unknown ? std::optional(special - 1) : std::nullopt, options);
} catch (...) {
  rethrow_as("Vectors");
}

Coverage Vectors::cover(const std::vector<std::pair<std::string_view, std::int64_t>>& words,
                        const VectorsCoverageOptions& options) const {
  const MaskedTraps masked;
  const State& state = *state_;
  Coverage coverage;
  double all = 0, covered = 0;
  for (const auto& [word, count] : words) {
    const bool is_own = state.words.contains(word) || (options.lower && state.words.contains(lower_case_of(word)));
    const bool is_from_subwords = !is_own && options.subwords && state.subwords && state.subwords->has_any(word);
    all += static_cast<double>(count);
    if (is_own || is_from_subwords) {
      ++coverage.found;
      coverage.from_subwords += is_from_subwords ? 1 : 0;
      covered += static_cast<double>(count);
    } else {
      ++coverage.missing;
      coverage.missing_words.emplace_back(word);
    }
  }
  if (!words.empty()) coverage.share = static_cast<double>(coverage.found) / static_cast<double>(words.size());
  if (all > 0) coverage.share_of_texts = covered / all;
  return coverage;
}

Coverage Vectors::coverage(const WordMap<int>& word_index, const VectorsCoverageOptions& options) const {
  const std::int64_t most = check_num_words(options.num_words);
  std::vector<std::pair<std::string_view, std::int64_t>> words;
  for (const auto& [word, id] : word_index) {
    if (!options.num_words || id < most) words.emplace_back(word, 0);
  }
  return cover(words, options);
}

Coverage Vectors::coverage(const std::vector<std::string>& vocabulary, const VectorsCoverageOptions& options) const {
  const std::int64_t most = check_num_words(options.num_words);
  std::vector<std::pair<std::string_view, std::int64_t>> words;
  for (std::size_t id = special_words(vocabulary); id < vocabulary.size(); ++id) {
    if (!options.num_words || static_cast<std::int64_t>(id) < most) words.emplace_back(vocabulary[id], 0);
  }
  return cover(words, options);
}

// Tokenizer numbers words by their counts, from 1, and equal counts in order of appearance.
Coverage Vectors::coverage(const WordMap<std::int64_t>& word_counts, const VectorsCoverageOptions& options) const {
  const std::int64_t most = check_num_words(options.num_words);
  std::vector<std::pair<std::string_view, std::int64_t>> words(word_counts.begin(), word_counts.end());
  std::stable_sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (options.num_words) words.resize(std::min(words.size(), static_cast<std::size_t>(most - 1)));
  return cover(words, options);
}

}  // namespace xeras::text
