#include "xeras/layers/preprocessing/index_lookup.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <numeric>

#include "core/shown.hpp"
#include "layers/preprocessing/encoding.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "text/farm_hash.hpp"
#include "text/sip_hash.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// The average weight, for unknown words.
float mean_of(std::span<const float> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  return weights.empty() ? 0.0f : static_cast<float>(sum / static_cast<double>(weights.size()));
}

}  // namespace

IndexLookup::IndexLookup(IndexLookupOptions options)
    : options_(std::move(options)), mode_(mode_named(options_.who, options_.output_mode, options_.output_modes)) {
  const IndexLookupOptions& o = options_;
  if (o.max_tokens && (*o.max_tokens <= 1 || *o.max_tokens > std::numeric_limits<std::int32_t>::max())) {
    throw InvalidArgument(fmt::format("{}: max_tokens is {}; expected 2 to {}. Leave it out to keep all words.", o.who,
                                      *o.max_tokens, std::numeric_limits<std::int32_t>::max()));
  }
  if (o.pad_to_max_tokens && !o.max_tokens) {
    throw InvalidArgument(fmt::format(
        "{}: pad_to_max_tokens is true without max_tokens; expected the number of columns. Set max_tokens.", o.who));
  }
  constexpr std::int64_t most_oov_indices = 1 << 24;  // each has a word and a weight
  if (o.num_oov_indices < 0 || o.num_oov_indices > most_oov_indices) {
    throw InvalidArgument(fmt::format("{}: num_oov_indices is {}; expected 0 to {}. 1 is usual.", o.who,
                                      o.num_oov_indices, most_oov_indices));
  }
  if (o.max_tokens && *o.max_tokens < token_start()) {
    throw InvalidArgument(
        fmt::format("{}: max_tokens is {}; expected at least {}, the ids of the mask token and of unknown words. They "
                    "count as tokens.",
                    o.who, *o.max_tokens, token_start()));
  }
  if (o.vocabulary_size && (*o.vocabulary_size < 0 || *o.vocabulary_size > std::numeric_limits<std::int32_t>::max())) {
    throw InvalidArgument(fmt::format("{}: vocabulary_size is {}; expected 0 to {}. Leave it out.", o.who,
                                      *o.vocabulary_size, std::numeric_limits<std::int32_t>::max()));
  }
}

std::int64_t IndexLookup::vocabulary_size() const {
  return token_start() + (vocabulary_ ? static_cast<std::int64_t>(vocabulary_->words.size()) : 0);
}

std::optional<std::int64_t> IndexLookup::width() const {
  if (options_.pad_to_max_tokens) return options_.max_tokens;
  return recorded_size();
}

std::optional<std::int64_t> IndexLookup::recorded_size() const {
  return vocabulary_ ? std::optional(vocabulary_size()) : options_.vocabulary_size;
}

std::string IndexLookup::shown_word(std::string_view word) const {
  return options_.integers ? std::to_string(as_integer(word)) : fmt::format("\"{}\"", shown(word));
}

std::vector<std::string> IndexLookup::words(bool include_special_tokens) const {
  std::vector<std::string> all;
  if (include_special_tokens) {
    for (std::int64_t id = 0; id < token_start(); ++id) all.push_back(word_of(id));
  }
  if (vocabulary_) {
    for (const auto& entry : vocabulary_->words) all.push_back(entry.first);
  }
  return all;
}

std::string IndexLookup::word_of(std::int64_t id) const {
  if (id == 0 && oov_start() == 1) return *options_.mask_token;
  const std::int64_t position = id - token_start();
  if (vocabulary_ && position >= 0 && position < static_cast<std::int64_t>(vocabulary_->words.size())) {
    return vocabulary_->words.entry(static_cast<std::size_t>(position)).first;
  }
  return options_.oov_token.value_or("");
}

std::span<const float> IndexLookup::idf() const {
  return vocabulary_ ? std::span<const float>(vocabulary_->idf) : std::span<const float>();
}

std::vector<float> IndexLookup::idf_of_columns() const {
  std::vector<float> weights(idf().begin(), idf().end());
  if (!weights.empty() && options_.pad_to_max_tokens) weights.resize(static_cast<std::size_t>(*options_.max_tokens));
  return weights;
}

void IndexLookup::set_idf(std::vector<float> weights) {
  const auto vocabulary = std::make_shared<Vocabulary>(*vocabulary_);
  vocabulary->idf = std::move(weights);
  vocabulary_ = vocabulary;
}

void IndexLookup::require_vocabulary(const std::string& who) const {
  if (vocabulary_) return;
  throw Error(
      fmt::format("{}: has no vocabulary; expected one before the layer is used. Call adapt with data, or "
                  "set_vocabulary, or give .vocabulary.",
                  who));
}

bool IndexLookup::remove_special_tokens(std::vector<std::string>& words) const {
  const auto count = static_cast<std::size_t>(token_start());
  if (words.size() < count) return false;
  for (std::size_t i = 0; i < count; ++i) {
    const bool is_mask = i < static_cast<std::size_t>(oov_start());
    const std::optional<std::string>& expected = is_mask ? options_.mask_token : options_.oov_token;
    if (!expected || words[i] != *expected) return false;
  }
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count));
  return true;
}

void IndexLookup::check_width(const std::string& who, std::size_t words,
                              std::optional<std::int64_t> fixed_width) const {
  const std::int64_t size = token_start() + static_cast<std::int64_t>(words);
  if (size > std::numeric_limits<std::int32_t>::max()) {
    throw InvalidArgument(
        fmt::format("{}: a vocabulary of {} words; expected fewer than 2^31. Set max_tokens.", who, words));
  }
  if (mode_ == IdMode::integer || options_.pad_to_max_tokens || !fixed_width || *fixed_width == size) return;
  throw Error(fmt::format(
      "{}: the new vocabulary gives {} columns; expected {}, with which the model was built. Set max_tokens "
      "and pad_to_max_tokens = true, or put the layer into a new model.",
      who, size, *fixed_width));
}

void IndexLookup::set(const std::string& who, std::vector<std::string> words, const IdfWeights& idf_weights,
                      std::optional<std::int64_t> fixed_width) {
  if ((mode_ == IdMode::tf_idf) != idf_weights.has_value()) {
    throw InvalidArgument(
        idf_weights
            ? fmt::format("{}: idf_weights are given with output_mode = \"{}\"; expected them with \"tf_idf\" only. "
                          "Leave them out.",
                          who, options_.output_mode)
            : fmt::format("{}: a vocabulary without idf_weights; expected both with output_mode = \"tf_idf\". Give one "
                          "weight for each word.",
                          who));
  }
  if (words.empty()) {
    throw InvalidArgument(
        fmt::format("{}: the vocabulary is empty; expected at least one word. Call adapt to learn "
                    "one from data.",
                    who));
  }
  const std::size_t given = words.size();
  const bool had_special_tokens = remove_special_tokens(words);
  if (idf_weights && idf_weights->size() != given) {
    throw InvalidArgument(fmt::format("{}: {} idf_weights for a vocabulary of {} words; expected one for each word.",
                                      who, idf_weights->size(), given));
  }
  const auto vocabulary = std::make_shared<Vocabulary>();
  for (const std::string& word : words) {
    const std::size_t position = vocabulary->words.add(word);
    if (position + 1 != vocabulary->words.size()) {
      throw InvalidArgument(fmt::format("{}: the vocabulary has {} twice; expected each word once. Leave one out.", who,
                                        shown_word(word)));
    }
    if (options_.mask_token && word == *options_.mask_token) {
      throw InvalidArgument(
          fmt::format("{}: the vocabulary has the mask token {} at position {}; expected it nowhere, or with the "
                      "tokens of unknown words at the start. Leave it out.",
                      who, shown_word(word), position + (given - words.size())));
    }
  }
  const std::int64_t size = token_start() + static_cast<std::int64_t>(words.size());
  if (options_.max_tokens && size > *options_.max_tokens) {
    throw InvalidArgument(
        fmt::format("{}: a vocabulary of {} words, with the mask token and those of unknown words; expected at most {} "
                    "(max_tokens). Leave words out.",
                    who, size, *options_.max_tokens));
  }
  check_width(who, words.size(), fixed_width);
  if (idf_weights) {
    std::vector<float>& idf = vocabulary->idf;
    for (const double weight : *idf_weights) {
      if (!std::isfinite(static_cast<float>(weight))) {
        throw InvalidArgument(fmt::format("{}: idf_weights has {}; expected finite numbers. Correct it.", who, weight));
      }
      idf.push_back(static_cast<float>(weight));
    }
    if (!had_special_tokens) {
      const double sum = std::accumulate(idf_weights->begin(), idf_weights->end(), 0.0);
      idf.insert(idf.begin(), static_cast<std::size_t>(token_start()),
                 static_cast<float>(sum / static_cast<double>(idf_weights->size())));
    }
  }
  vocabulary_ = vocabulary;
}

void IndexLookup::set_from_file(const std::string& who, std::vector<std::string> words, std::vector<float> idf) {
  remove_special_tokens(words);
  if (words.empty()) return;  // the layer was saved before adapt
  IdfWeights weights;
  if (mode_ == IdMode::tf_idf) weights.emplace(words.size());
  IndexLookup changed = *this;
  changed.set(who, std::move(words), weights, {});
  if (mode_ == IdMode::tf_idf) {
    if (idf.size() != static_cast<std::size_t>(*changed.width())) {
      throw FileError(fmt::format("{}: {} idf_weights in the file; expected {}, one for each column.", who, idf.size(),
                                  *changed.width()));
    }
    changed.set_idf(std::move(idf));
  }
  *this = std::move(changed);
}

void IndexLookup::set_from_counts(const std::string& who, WordCounts& counts, std::optional<std::int64_t> fixed_width) {
  const WordCounts::Map all = counts.take();
  std::vector<const WordCounts::Map::value_type*> order;
  order.reserve(all.size());
  for (const auto& entry : all) {
    if (options_.mask_token && entry.first == *options_.mask_token) continue;
    if (options_.oov_token && entry.first == *options_.oov_token) continue;
    order.push_back(&entry);
  }
  if (all.empty()) {
    throw InvalidInput(
        fmt::format("{}: adapt got data without words; expected at least one. Check how the data was "
                    "made.",
                    who));
  }
  const auto comes_first = [&](const auto* a, const auto* b) {
    if (a->second.words != b->second.words) return a->second.words > b->second.words;
    if (options_.integers) return as_integer(a->first) > as_integer(b->first);
    return a->first > b->first;
  };
  std::size_t kept = order.size();
  if (options_.max_tokens) kept = std::min(kept, static_cast<std::size_t>(*options_.max_tokens - token_start()));
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(), comes_first);
  order.resize(kept);
  check_width(who, kept, fixed_width);
  const auto vocabulary = std::make_shared<Vocabulary>();
  for (const auto* entry : order) vocabulary->words.add(entry->first);
  if (mode_ == IdMode::tf_idf) {
    std::vector<float>& idf = vocabulary->idf;
    for (const auto* entry : order) {
      const double rows = static_cast<double>(counts.rows()), with_word = static_cast<double>(entry->second.rows);
      idf.push_back(static_cast<float>(std::log(1.0 + rows / (1.0 + with_word))));
    }
    idf.insert(idf.begin(), static_cast<std::size_t>(token_start()), mean_of(idf));
  }
  vocabulary_ = vocabulary;
}

std::int32_t IdFinder::bucket_of(std::string_view word) const {
  const IndexLookupOptions& o = lookup_.options_;
  std::string digits;
  if (o.integers) {
    const std::int64_t integer = as_integer(word);
    if (!o.farmhash) {
      const std::int64_t rest = integer % o.num_oov_indices;
      return static_cast<std::int32_t>(rest < 0 ? rest + o.num_oov_indices : rest);
    }
    digits = std::to_string(integer);
    word = digits;
  }
  const std::uint64_t hash = o.salt ? text::sip_hash(word, o.salt.key()) : text::farm_fingerprint(word);
  return static_cast<std::int32_t>(hash % static_cast<std::uint64_t>(o.num_oov_indices));
}

void IdFinder::throw_unknown(std::string_view word, const std::string& who, std::int64_t row) const {
  throw InvalidInput(
      fmt::format("{}: {} in row {} is not in the vocabulary; expected known words only, since num_oov_indices is 0. "
                  "Set num_oov_indices = 1 for an id of unknown words.",
                  who, lookup_.shown_word(word), row));
}

}  // namespace xeras::layers
