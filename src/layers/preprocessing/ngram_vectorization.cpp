#include "xeras/layers/preprocessing/ngram_vectorization.hpp"

#include <fmt/format.h>

#include <atomic>

#include "core/parallel.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "layers/preprocessing/padded_ids.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "text/grouped_lookups.hpp"
#include "text/subword_hashes.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

using text::WordMemory;

constexpr std::int64_t most_word_ngrams = 16, most_buckets = std::int64_t{1} << 30;

// Words as fastText reads them.
const text::WordReader& reader() {
  static const auto& words = *new text::WordReader({.lower = false, .strip_punctuation = false});
  return words;
}

void check(const NgramVectorizationOptions& o, const std::string& who) {
  if (o.word_ngrams < 1 || o.word_ngrams > most_word_ngrams) {
    throw InvalidArgument(fmt::format("{}: word_ngrams is {}; expected 1 to {}. 1 is single words, 2 adds pairs.", who,
                                      o.word_ngrams, most_word_ngrams));
  }
  if (o.min_n < 0 || o.max_n < 0 || (o.max_n > 0 && o.min_n > o.max_n)) {
    throw InvalidArgument(fmt::format(
        "{}: min_n is {} and max_n is {}; expected 0 <= min_n <= max_n. Leave both out for no n-grams of characters.",
        who, o.min_n, o.max_n));
  }
  if (o.buckets < 1 || o.buckets > most_buckets) {
    throw InvalidArgument(
        fmt::format("{}: buckets is {}; expected 1 to 2^30. Most models use 2,000,000 or fewer.", who, o.buckets));
  }
  if (o.min_count < 1) {
    throw InvalidArgument(
        fmt::format("{}: min_count is {}; expected 1 or more. 1 keeps every word.", who, o.min_count));
  }
}

IndexLookup lookup_of(const NgramVectorizationOptions& o, const std::string& who) {
  check(o, who);
  return IndexLookup({.who = who, .num_oov_indices = 0, .mask_token = "", .output_modes = {"int"}});
}

// Returns the average work for a text.
std::size_t work_of(StringsView texts) {
  std::size_t bytes = 0;
  const auto rows = static_cast<std::size_t>(texts.size());
  for (std::size_t i = 0; i < rows; ++i) bytes += texts.data[i].size();
  return 1 + text::work_a_byte * bytes / std::max<std::size_t>(1, rows);
}

// The hashes of the n-grams of words that end at the last word, as fastText's Dictionary::addWordNgrams.
class WordNgrams {
 public:
  explicit WordNgrams(std::int64_t most) : most_(static_cast<std::size_t>(most)) {}

  // Calls f(hash) for each n-gram of two or more words that ends at the next word.
  template <class F>
  void add(std::uint32_t word, const F& f) {
    // fastText keeps the hashes of words as signed numbers.
    const auto last = static_cast<std::uint64_t>(static_cast<std::int32_t>(word));
    for (std::size_t n = std::min(count_ + 1, most_); n > 1; --n) {
      hashes_[n] = hashes_[n - 1] * 116049371u + last;
      f(hashes_[n]);
    }
    hashes_[1] = last;
    ++count_;
  }

 private:
  std::size_t most_, count_ = 0;
  std::uint64_t hashes_[most_word_ngrams + 1] = {};  // by number of words
};

}  // namespace

NgramVectorization::NgramVectorization(NgramVectorizationOptions options) : VocabularyLayer(std::move(options)) {
  set_lookup(lookup_of(config(), who()));
}

void NgramVectorization::count(const Input& texts, WordCounts& counts) const {
  count_rows(who(), texts, counts,
             [](std::string_view text, WordMemory& memory, const auto& f) { reader().each_word(text, memory, f); });
}

void NgramVectorization::take(WordCounts& counts) {
  if (built() && in_plan()) {
    throw Error(
        fmt::format("{}: adapt in a built model; expected it before the layer is added, since the Embedding has "
                    "a row for each id. Put a new layer into a new model.",
                    who()));
  }
  const WordCounts::Map all = counts.take();
  std::vector<const WordCounts::Map::value_type*> order;
  for (const auto& entry : all) {
    if (entry.second.words >= config().min_count) order.push_back(&entry);
  }
  if (order.empty()) {
    throw InvalidInput(fmt::format(
        "{}: adapt got {} words, of which none occurs {} times (min_count); expected at least one. Check how the data "
        "was made.",
        who(), all.size(), config().min_count));
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return a->second.words != b->second.words ? a->second.words > b->second.words : a->first < b->first;
  });
  std::vector<std::string> words;
  words.reserve(order.size());
  for (const auto* entry : order) words.push_back(entry->first);
  lookup_.set(who(), std::move(words), {}, {});
}

std::int64_t NgramVectorization::num_ids() const {
  lookup_.require_vocabulary(who());
  return lookup_.vocabulary_size() + (uses_buckets() ? config().buckets : 0);
}

Spec NgramVectorization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.rank = 1, .dtype = DType::string});
  return {{input.shape[0], None}, DType::int32};
}

void NgramVectorization::output_extents(const Extents&, Extents& output) const {
  if (output[1] < 0) output[1] = 1;  // extents_for replaces it
}

// Returns the number of ids of a text if all its words are known.
std::size_t NgramVectorization::most_ids(std::string_view text) const {
  WordMemory memory;
  const std::int64_t n = config().word_ngrams, minn = config().min_n, maxn = config().max_n;
  std::int64_t words = 0, ids = 0;
  reader().each_word(text, memory, [&](std::string_view word) {
    ids += 1 + std::min(words, n - 1) + (maxn > 0 ? text::count_subwords(word, minn, maxn) : 0);
    ++words;
    return true;
  });
  return static_cast<std::size_t>(ids);
}

// Returns the number of ids of the longest text if all its words are known.
std::int64_t NgramVectorization::longest(StringsView texts) const {
  std::atomic<std::size_t> longest = 1;
  parallel_for(static_cast<std::size_t>(texts.size()), work_of(texts), [&](std::size_t begin, std::size_t end) {
    std::size_t most = 1;
    for (std::size_t i = begin; i < end; ++i) most = std::max(most, most_ids(texts.data[i]));
    for (std::size_t now = longest; now < most && !longest.compare_exchange_weak(now, most);) {
    }
  });
  return static_cast<std::int64_t>(longest.load());
}

Extents NgramVectorization::extents_for(const AnyView& input) const {
  return {input.extents[0], longest(input.as<std::string_view>())};
}

// Calls f(id) for each id of a text.
template <class F>
void NgramVectorization::each_id(std::string_view text, const IdFinder& finder, WordMemory& memory, const F& f) const {
  const auto first_bucket = static_cast<std::uint64_t>(lookup_.vocabulary_size());
  const auto buckets = static_cast<std::uint64_t>(config().buckets);
  const std::int64_t n = config().word_ngrams, minn = config().min_n, maxn = config().max_n;
  WordNgrams ngrams(n);
  const auto add_bucket = [&](std::uint64_t hash) { f(static_cast<std::int32_t>(first_bucket + hash % buckets)); };
  const auto add_ids = [&](std::string_view word, std::uint32_t hash) {
    if (const std::int32_t id = finder.known_id_of(word, hash); id >= 0) f(id);
    if (maxn > 0) text::each_subword_hash(word, minn, maxn, add_bucket);
    if (n > 1) ngrams.add(text::fasttext_hash(word), add_bucket);
  };
  text::GroupedLookups words(finder.words(), add_ids);
  reader().each_word(text, memory, [&](std::string_view word) {
    words.add(word);
    return true;
  });
  words.flush();
}

text::Array<int> NgramVectorization::operator()(const Input& texts) const {
  require_texts(who(), texts);
  lookup_.require_vocabulary(who());
  if (texts.extents().rank() != 1) {
    throw InvalidInput(fmt::format("{}: texts have shape {}; expected (batch).", who(), texts.extents().to_string()));
  }
  const StringsView view{static_cast<const std::string_view*>(texts.data()), texts.extents()};
  const IdFinder finder(lookup_);
  return padded_ids(static_cast<std::size_t>(view.size()), work_of(view),
                    [&](std::size_t row, WordMemory& memory, std::vector<std::int32_t>& ids) {
                      each_id(view.data[row], finder, memory, [&](std::int32_t id) { ids.push_back(id); });
                    });
}

void NgramVectorization::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const StringsView texts = call.strings();
  const auto width = static_cast<std::size_t>(call.output().extents[1]);
  std::int32_t* const ids = call.output_ids().data;
  const IdFinder finder(lookup_);
  parallel_for(static_cast<std::size_t>(texts.size()), work_of(texts) + width, [&](std::size_t begin, std::size_t end) {
    WordMemory memory;
    for (std::size_t row = begin; row < end; ++row) {
      std::int32_t* next = ids + row * width;
      each_id(texts.data[row], finder, memory, [&](std::int32_t id) { *next++ = id; });
      std::fill(next, ids + (row + 1) * width, 0);
    }
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(NgramVectorization)
