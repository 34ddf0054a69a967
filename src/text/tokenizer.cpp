#include "xeras/text/tokenizer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "text/grouped_lookups.hpp"
#include "text/room.hpp"
#include "text/splitter.hpp"
#include "xeras/core/error.hpp"

namespace xeras::text {
namespace {

enum class Mode { binary, count, freq, tfidf };

Mode mode_of(const std::string& name) {
  static const auto& names = *new std::vector<std::string>{"binary", "count", "freq", "tfidf"};
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw InvalidArgument("Tokenizer: " + unknown_name("mode", name, names));
  return static_cast<Mode>(found - names.begin());
}

Splitter splitter_for(const TokenizerOptions& o) {
  return Splitter("Tokenizer", {.filters = o.filters, .lower = o.lower, .split = o.split, .errors = o.errors});
}

// Looks up each word or character of a text, or each token of a list.
template <class Lookups>
void add_tokens(const TokenizerOptions& options, Splitter& splitter, const std::string& text, std::size_t number,
                Lookups& lookups) {
  const auto add = [&](std::string_view word) { lookups.add(word); };
  if (options.char_level) {
    splitter.each_character(text, {number}, add);
  } else if (options.analyzer) {
    const std::vector<std::string> words = options.analyzer(text);
    for (const std::string& word : words) add(word);
    lookups.flush();  // before the words are gone
  } else {
    splitter.each_word(text, {number}, add);
  }
  lookups.flush();
}
template <class Lookups>
void add_tokens(const TokenizerOptions&, Splitter& splitter, const std::vector<std::string>& text, std::size_t number,
                Lookups& lookups) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    lookups.add(splitter.prepare(text[i], {number, i}));
    lookups.flush();
  }
}

void check_ids(const std::vector<std::vector<int>>& sequences, const char* function) {
  for (std::size_t row = 0; row < sequences.size(); ++row) {
    const auto found = std::find_if(sequences[row].begin(), sequences[row].end(), [](int id) { return id < 0; });
    if (found == sequences[row].end()) continue;
    throw InvalidInput(
        fmt::format("Tokenizer: {} got id {} in sequence {}, step {}; expected 0 or more. Ids come from "
                    "texts_to_sequences.",
                    function, *found, row, found - sequences[row].begin()));
  }
}

// Calls f(id, number of occurrences) for each id of a sequence, in ascending order.
template <class F>
void each_id(std::vector<int> sequence, F f) {
  std::sort(sequence.begin(), sequence.end());
  for (auto first = sequence.begin(); first != sequence.end();) {
    const auto last = std::upper_bound(first, sequence.end(), *first);
    f(*first, last - first);
    first = last;
  }
}

}  // namespace

Tokenizer::Tokenizer(TokenizerOptions options) : options_(std::move(options)) {
  if (options_.num_words && *options_.num_words <= 0) {
    throw InvalidArgument(
        fmt::format("Tokenizer: num_words is {}; expected a positive integer. Leave it out to keep "
                    "all words.",
                    *options_.num_words));
  }
  if (options_.char_level && options_.analyzer) {
    throw InvalidArgument(
        "Tokenizer: char_level and analyzer are both set; expected at most one of them. An analyzer can return "
        "characters too.");
  }
  splitter_for(options_);
}

void Tokenizer::fit_on_texts(const std::vector<std::string>& texts) try { fit(texts); } catch (...) {
  rethrow_as("fit_on_texts");
}
void Tokenizer::fit_on_tokens(const std::vector<std::vector<std::string>>& texts) try { fit(texts); } catch (...) {
  rethrow_as("fit_on_tokens");
}

template <class Texts>
void Tokenizer::fit(const std::vector<Texts>& texts) {
  Splitter splitter = splitter_for(options_);
  WordMap<std::int64_t> counts = word_counts_, docs = word_docs_;
  std::vector<std::size_t> seen_in(counts.size());  // 1 + the number of the last of these texts that has the word
  std::size_t number = 0;
  const auto count = [&](std::string_view word, std::uint32_t hash) {
    const std::size_t place = counts.add(word, hash);
    if (place == docs.size()) {
      docs.add(word, hash);
      seen_in.push_back(0);
    }
    ++counts.value(place);
    if (std::exchange(seen_in[place], number + 1) != number + 1) ++docs.value(place);
  };
  GroupedLookups lookups(counts, count);
  for (; number < texts.size(); ++number) add_tokens(options_, splitter, texts[number], number, lookups);
  number_words(std::move(counts), std::move(docs));
  document_count_ += static_cast<std::int64_t>(texts.size());
}

// As in Keras, an oov_token that occurs in the texts moves from id 1 to the id for its count; then no word has id 1.
void Tokenizer::number_words(WordMap<std::int64_t> counts, WordMap<std::int64_t> docs) {
  std::vector<std::size_t> order(counts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return counts.entry(a).second > counts.entry(b).second; });
  WordMap<int> word_index;
  std::map<int, std::string> index_word;
  std::unordered_map<int, std::int64_t> index_docs = index_docs_;
  int id = 0;
  if (options_.oov_token) word_index.value(word_index.add(*options_.oov_token)) = ++id;
  for (const std::size_t place : order) {
    word_index.value(word_index.add(counts.entry(place).first)) = ++id;
    index_docs[id] = docs.entry(place).second;
  }
  for (const auto& [word, index] : word_index) index_word.emplace_hint(index_word.end(), index, word);
  // Nothing below can throw.
  word_counts_ = std::move(counts);
  word_docs_ = std::move(docs);
  word_index_ = std::move(word_index);
  index_word_ = std::move(index_word);
  index_docs_ = std::move(index_docs);
}

void Tokenizer::fit_on_sequences(const std::vector<std::vector<int>>& sequences) try {
  check_ids(sequences, "fit_on_sequences");
  std::unordered_map<int, std::int64_t> index_docs = index_docs_;
  for (const std::vector<int>& sequence : sequences) {
    each_id(sequence, [&](int id, std::ptrdiff_t) { ++index_docs[id]; });
  }
  index_docs_ = std::move(index_docs);
  document_count_ += static_cast<std::int64_t>(sequences.size());
} catch (...) {
  rethrow_as("fit_on_sequences");
}

void Tokenizer::require_texts(const char* function) const {
  if (document_count_ > 0 || !word_index_.empty()) return;
  throw InvalidArgument(fmt::format(
      "Tokenizer: {} without any texts; expected a tokenizer that has seen some. Call fit_on_texts first.", function));
}

std::vector<std::vector<int>> Tokenizer::texts_to_sequences(const std::vector<std::string>& texts) const try {
  return to_sequences(texts, "texts_to_sequences");
} catch (...) {
  rethrow_as("texts_to_sequences");
}
std::vector<std::vector<int>> Tokenizer::tokens_to_sequences(const std::vector<std::vector<std::string>>& texts) const
    try {
  return to_sequences(texts, "tokens_to_sequences");
} catch (...) {
  rethrow_as("tokens_to_sequences");
}

template <class Texts>
std::vector<std::vector<int>> Tokenizer::to_sequences(const std::vector<Texts>& texts, const char* function) const {
  require_texts(function);
  Splitter splitter = splitter_for(options_);
  const std::optional<int> oov =
      options_.oov_token ? std::optional<int>(word_index_.at(*options_.oov_token)) : std::nullopt;
  std::vector<std::vector<int>> sequences(texts.size());
  for (std::size_t number = 0; number < texts.size(); ++number) {
    std::vector<int>& sequence = sequences[number];
    const auto add_id = [&](std::string_view word, std::uint32_t hash) {
      const std::size_t place = word_index_.position_of(word, hash);
      if (place < word_index_.size() && !is_too_rare(word_index_.entry(place).second)) {
        sequence.push_back(word_index_.entry(place).second);
      } else if (oov) {
        sequence.push_back(*oov);
      }
    };
    GroupedLookups lookups(word_index_, add_id);
    add_tokens(options_, splitter, texts[number], number, lookups);
  }
  return sequences;
}

std::vector<std::string> Tokenizer::sequences_to_texts(const std::vector<std::vector<int>>& sequences) const try {
  require_texts("sequences_to_texts");
  std::vector<std::string> texts;
  for (const std::vector<int>& sequence : sequences) {
    std::string& text = texts.emplace_back();
    bool is_first = true;
    for (const int id : sequence) {
      const auto found = index_word_.find(id);
      const bool is_known = found != index_word_.end() && !is_too_rare(id);
      if (!is_known && !options_.oov_token) continue;
      if (!std::exchange(is_first, false)) text += ' ';
      text += is_known ? found->second : *options_.oov_token;
    }
  }
  return texts;
} catch (...) {
  rethrow_as("sequences_to_texts");
}

Tensor Tokenizer::texts_to_matrix(const std::vector<std::string>& texts, const std::string& mode) const try {
  mode_of(mode);
  return sequences_to_matrix(to_sequences(texts, "texts_to_matrix"), mode);
} catch (...) {
  rethrow_as("texts_to_matrix");
}
Tensor Tokenizer::tokens_to_matrix(const std::vector<std::vector<std::string>>& texts, const std::string& mode) const
    try {
  mode_of(mode);
  return sequences_to_matrix(to_sequences(texts, "tokens_to_matrix"), mode);
} catch (...) {
  rethrow_as("tokens_to_matrix");
}

Tensor Tokenizer::sequences_to_matrix(const std::vector<std::vector<int>>& sequences, const std::string& mode) const
    try {
  const MaskedTraps masked;
  const Mode kind = mode_of(mode);
  if (!options_.num_words && word_index_.empty()) {
    throw InvalidArgument(
        "Tokenizer: sequences_to_matrix with neither num_words nor words; expected either, for the number of columns. "
        "Set num_words, or call fit_on_texts with texts that have words.");
  }
  if (kind == Mode::tfidf && document_count_ == 0) {
    throw InvalidArgument(
        "Tokenizer: mode \"tfidf\" without any documents; expected a tokenizer that has seen some. Call fit_on_texts "
        "or fit_on_sequences first.");
  }
  check_ids(sequences, "sequences_to_matrix");
  const std::int64_t columns = options_.num_words.value_or(static_cast<std::int64_t>(word_index_.size()) + 1);
  Tensor matrix = make_array("Tokenizer", {sequences.size(), static_cast<std::size_t>(columns)},
                             [](const auto& sizes) { return Tensor(sizes); });
  std::fill(matrix.begin(), matrix.end(), 0.0f);
  for (std::size_t row = 0; row < sequences.size(); ++row) {
    const double length = static_cast<double>(sequences[row].size());
    each_id(sequences[row], [&](int id, std::ptrdiff_t occurrences) {
      if (id >= columns) return;
      const double c = static_cast<double>(occurrences);
      double value = 1.0;
      if (kind == Mode::count) value = c;
      if (kind == Mode::freq) value = c / length;
      if (kind == Mode::tfidf) {
        const auto found = index_docs_.find(id);
        const double documents = found == index_docs_.end() ? 0.0 : static_cast<double>(found->second);
        value = (1.0 + std::log(c)) * std::log(1.0 + static_cast<double>(document_count_) / (1.0 + documents));
      }
      matrix(row, static_cast<std::size_t>(id)) = static_cast<float>(value);
    });
  }
  return matrix;
} catch (...) {
  rethrow_as("sequences_to_matrix");
}

}  // namespace xeras::text
