#include "xeras/layers/preprocessing/text_vectorization.hpp"

#include <fmt/format.h>

#include <atomic>
#include <limits>

#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "layers/preprocessing/padded_ids.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "layers/preprocessing/word_rules.hpp"
#include "text/grouped_lookups.hpp"
#include "text/word_reader.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

using text::WordMemory;

void check(const TextVectorizationOptions& o, const std::string& who) {
  if (o.sparse || o.ragged) {
    throw InvalidArgument(fmt::format("{}: {} is true; expected false, since arrays are dense. Leave it out.", who,
                                      o.sparse ? "sparse" : "ragged"));
  }
  if (o.encoding != "utf-8" && o.encoding != "UTF-8" && o.encoding != "utf8") {
    throw InvalidArgument(
        fmt::format("{}: encoding is \"{}\"; expected \"utf-8\". Convert the texts.", who, shown(o.encoding)));
  }
  if (!o.output_sequence_length) return;
  if (o.output_mode != "int") {
    throw InvalidArgument(
        fmt::format("{}: output_sequence_length is {} with output_mode = \"{}\"; expected it with \"int\" only. Leave "
                    "it out.",
                    who, *o.output_sequence_length, shown(o.output_mode)));
  }
  if (*o.output_sequence_length < 1) {
    throw InvalidArgument(fmt::format(
        "{}: output_sequence_length is {}; expected a positive integer. Leave it out for the length of the longest "
        "text.",
        who, *o.output_sequence_length));
  }
}

std::shared_ptr<const text::WordReader> reader_of(const TextVectorizationOptions& o, const std::string& who) {
  return std::make_shared<const text::WordReader>(rules_of(o.standardize, o.split, o.ngrams, who));
}

IndexLookup lookup_of(const TextVectorizationOptions& o, const std::string& who) {
  check(o, who);
  return IndexLookup({.who = who,
                      .max_tokens = o.max_tokens,
                      .mask_token = "",
                      .oov_token = "[UNK]",
                      .output_mode = o.output_mode,
                      .output_modes = {"int", "multi_hot", "count", "tf_idf"},
                      .pad_to_max_tokens = o.pad_to_max_tokens,
                      .vocabulary_size = o.vocabulary_size});
}

// Returns the average work for one of so many texts.
std::size_t work_of(const std::string_view* texts, std::size_t rows, std::size_t columns) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < rows * columns; ++i) bytes += texts[i].size();
  return rows == 0 ? 1 : 1 + text::work_a_byte * bytes / rows;
}

std::size_t work_of_row(StringsView texts) {
  const auto rows = static_cast<std::size_t>(texts.extents[0]);
  return work_of(texts.data, rows, texts.extents.rank() > 1 ? static_cast<std::size_t>(texts.extents[1]) : 1);
}

constexpr auto refuse = [](std::string_view) {};  // unknown words always have an id

}  // namespace

TextVectorization::TextVectorization(TextVectorizationOptions options)
    : VocabularyLayer(std::move(options)), reader_(reader_of(config(), who())) {
  set_lookup(lookup_of(config(), who()));
}

// Calls f(word) for each word of a text, until it returns false.
template <class Memory, class F>
void TextVectorization::each_word(std::string_view text, Memory& memory, const F& f) const {
  const auto& standardize = config().standardize.function();
  const auto& split = config().split.function();
  if (!standardize && !split) return reader_->each_word(text, memory, f);
  const std::string plain = standardize ? standardize(std::string(text)) : reader_->standardized(text);
  if (!split) return reader_->each_word(plain, memory, f);
  reader_->each_ngram_of(split(plain), memory, f);
}

std::size_t TextVectorization::count_words(std::string_view text) const {
  WordMemory memory;
  if (!config().standardize.function() && !config().split.function()) return reader_->count(text, memory);
  std::size_t count = 0;
  each_word(text, memory, [&](std::string_view) {
    ++count;
    return true;
  });
  return count;
}

void TextVectorization::count(const Input& texts, WordCounts& counts) const {
  count_rows(who(), texts, counts,
             [&](std::string_view text, WordMemory& memory, const auto& f) { each_word(text, memory, f); });
}

std::optional<Spec> TextVectorization::first_input() const {
  // Without a vocabulary, the model is built with the first data, after adapt.
  if (lookup_.mode() != IdMode::integer && !lookup_.width()) return std::nullopt;
  const Shape& given = config().input_shape;
  // The words of a text that is split already may be several.
  if (given.rank() == 0 && config().split.name() == "none") return std::nullopt;
  return Spec{given.rank() > 0 ? given.with_batch() : Shape{None}, DType::string};
}

Spec TextVectorization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1, .dtype = DType::string});
  const bool is_whole = config().split.name() == "none";
  const bool fits = input.shape.rank() == 1 || (input.shape.rank() == 2 && (is_whole || input.shape[1] == Dim(1)));
  if (!fits) {
    throw ShapeError(
        fmt::format("{}: input is {}; expected (None,) or (None, 1), one text for each sample. {}", builder.who(),
                    input.shape.to_string(),
                    is_whole ? "Leave axes out." : "Set split = \"none\" for words that are split already."));
  }
  if (lookup_.mode() != IdMode::integer) {
    if (!lookup_.width()) lookup_.require_vocabulary(builder.who());
    return {{input.shape[0], *lookup_.width()}, DType::float32};
  }
  const std::optional<std::int64_t> steps = fixed_steps(input);
  return {{input.shape[0], steps ? Dim(*steps) : Dim(None)}, DType::int32};
}

// Returns the length of the output if it does not depend on the texts.
std::optional<std::int64_t> TextVectorization::fixed_steps(const Spec& input) const {
  if (config().output_sequence_length) return config().output_sequence_length;
  if (config().split.name() != "none") return {};
  const Dim texts = input.shape.rank() == 1 ? Dim(1) : input.shape[1];
  if (!texts.known()) return {};
  return static_cast<std::int64_t>(reader_->count_of(static_cast<std::size_t>(texts.size())));
}

bool TextVectorization::sizes_depend_on_values() const {
  return lookup_.mode() == IdMode::integer && !config().output_sequence_length && config().split.name() != "none";
}

void TextVectorization::output_extents(const Extents& input, Extents& output) const {
  if (lookup_.mode() != IdMode::integer || output[1] >= 0) return;
  // If the texts determine it, extents_for replaces this size.
  output[1] = config().split.name() == "none" && input.rank() > 1 ? input[1] : 1;
}

// Returns the number of words of the longest text.
std::int64_t TextVectorization::longest(StringsView texts) const {
  const auto rows = static_cast<std::size_t>(texts.size());
  std::atomic<std::size_t> longest = 1;
  parallel_for(rows, work_of(texts.data, rows, 1) / 2, [&](std::size_t begin, std::size_t end) {
    std::size_t most = 1;
    for (std::size_t i = begin; i < end; ++i) most = std::max(most, count_words(texts.data[i]));
    for (std::size_t now = longest; now < most && !longest.compare_exchange_weak(now, most);) {
    }
  });
  return static_cast<std::int64_t>(longest.load());
}

Extents TextVectorization::extents_for(const AnyView& input) const {
  Extents extents = extents_after(input.extents);
  if (sizes_depend_on_values()) extents[1] = longest(input.as<std::string_view>());
  return extents;
}

// Calls f(id) for each word of a row of texts (rows, columns), until it returns false.
template <class F>
void TextVectorization::each_id(StringsView texts, std::size_t row, const IdFinder& finder, text::WordMemory& memory,
                                const F& f) const {
  const std::size_t columns = texts.extents.rank() > 1 ? static_cast<std::size_t>(texts.extents[1]) : 1;
  bool more = true;
  const auto look_up = [&](std::string_view word, std::uint32_t hash) {
    more = more && f(finder.id_of(word, hash, refuse));
  };
  text::GroupedLookups words(finder.words(), look_up);
  for (std::size_t i = 0; i < columns && more; ++i) {
    each_word(texts.data[row * columns + i], memory, [&](std::string_view word) {
      words.add(word);
      return more;
    });
    words.flush();
  }
}

void TextVectorization::write_ids(StringsView texts, std::size_t width, std::int32_t* ids) const {
  const IdFinder finder(lookup_);
  const auto rows = static_cast<std::size_t>(texts.extents[0]);
  parallel_for(rows, work_of_row(texts) + width, [&](std::size_t begin, std::size_t end) {
    WordMemory memory;
    for (std::size_t row = begin; row < end; ++row) {
      std::int32_t* const first = ids + row * width;
      std::int32_t* next = first;
      each_id(texts, row, finder, memory, [&](std::int32_t id) {
        if (next == first + width) return false;
        *next++ = id;
        return true;
      });
      std::fill(next, first + width, 0);
    }
  });
}

text::Array<int> TextVectorization::operator()(const Input& texts) const {
  require_texts(who(), texts);
  lookup_.require_vocabulary(who());
  if (lookup_.mode() != IdMode::integer) {
    throw Error(fmt::format("{}: is called with output_mode = \"{}\"; expected \"int\". Use it within a model.", who(),
                            shown(config().output_mode)));
  }
  const Extents& sizes = texts.extents();
  const bool is_whole = config().split.name() == "none";
  if (sizes.rank() > 2 || (sizes.rank() == 2 && !is_whole && sizes[1] != 1)) {
    throw InvalidInput(fmt::format("{}: texts have shape {}; expected (batch) or (batch, 1){}.", who(),
                                   sizes.to_string(), is_whole ? ", or (batch, words)" : ""));
  }
  const StringsView view{static_cast<const std::string_view*>(texts.data()), sizes};
  const auto rows = static_cast<std::size_t>(sizes[0]);
  std::int64_t width = 0;
  if (config().output_sequence_length) {
    width = *config().output_sequence_length;
  } else if (is_whole) {
    width = static_cast<std::int64_t>(reader_->count_of(sizes.rank() > 1 ? static_cast<std::size_t>(sizes[1]) : 1));
  } else {
    const IdFinder finder(lookup_);
    return padded_ids(rows, work_of_row(view),
                      [&](std::size_t row, WordMemory& memory, std::vector<std::int32_t>& ids) {
                        each_id(view, row, finder, memory, [&](std::int32_t id) {
                          ids.push_back(id);
                          return true;
                        });
                      });
  }
  text::Array<int> ids;
  ids.resize({rows, static_cast<std::size_t>(width)});
  write_ids(view, static_cast<std::size_t>(width), ids.data());
  return ids;
}

void TextVectorization::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const StringsView texts = call.strings();
  const auto width = static_cast<std::size_t>(call.output().extents.last());
  if (lookup_.mode() == IdMode::integer) return write_ids(texts, width, call.output_ids().data);
  const IdFinder finder(lookup_);
  float* const output = call.output().data;
  const auto rows = static_cast<std::size_t>(texts.extents[0]);
  parallel_for(rows, work_of_row(texts) + width, [&](std::size_t begin, std::size_t end) {
    WordMemory memory;
    for (std::size_t row = begin; row < end; ++row) {
      finder.fill(output + row * width, width, [&](const auto& f) { each_id(texts, row, finder, memory, f); });
    }
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(TextVectorization)
