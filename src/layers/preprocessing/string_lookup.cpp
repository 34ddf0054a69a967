#include "xeras/layers/preprocessing/string_lookup.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "layers/preprocessing/encoding.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

// The search for one word costs as much as so many floats that a loop processes.
constexpr std::size_t work_a_lookup = 64;

void check(const StringLookupOptions& o, const std::string& who) {
  if (o.invert) {
    throw InvalidArgument(fmt::format(
        "{}: invert is true; expected false, since a model gives numbers. Call words_of(ids) for the strings of ids.",
        who));
  }
  if (o.sparse) {
    throw InvalidArgument(
        fmt::format("{}: sparse is true; expected false, since arrays are dense. Leave it out.", who));
  }
  if (o.encoding != "utf-8" && o.encoding != "UTF-8" && o.encoding != "utf8") {
    throw InvalidArgument(
        fmt::format("{}: encoding is \"{}\"; expected \"utf-8\". Convert the strings.", who, shown(o.encoding)));
  }
}

IndexLookup lookup_of(const StringLookupOptions& o, const std::string& who) {
  check(o, who);
  return IndexLookup({.who = who,
                      .max_tokens = o.max_tokens,
                      .num_oov_indices = o.num_oov_indices,
                      .mask_token = o.mask_token,
                      .oov_token = o.oov_token,
                      .output_mode = o.output_mode,
                      .output_modes = {"int", "one_hot", "multi_hot", "count", "tf_idf"},
                      .pad_to_max_tokens = o.pad_to_max_tokens,
                      .salt = o.salt,
                      .vocabulary_size = o.vocabulary_size});
}

}  // namespace

StringLookup::StringLookup(StringLookupOptions options)
    : LayerWith(std::move(options)), lookup_(lookup_of(config(), who())) {
  const StringVocabulary given = config().vocabulary;
  if (given) {
    lookup_.set(who(), layers::words_of(given, who()), config().idf_weights, {});
    if (given.words() == nullptr) config_.vocabulary = {};
  } else if (config().idf_weights) {
    throw InvalidArgument(fmt::format(
        "{}: idf_weights without a vocabulary; expected both. Give .vocabulary, or call adapt, which computes them.",
        who()));
  }
}

void StringLookup::count(const Input& data, WordCounts& counts) const {
  count_rows(who(), data, counts, [](std::string_view word, text::WordMemory&, const auto& f) { f(word); });
}

void StringLookup::adapt(const Input& data) {
  require_can_adapt(who(), static_cast<bool>(config().vocabulary));
  WordCounts counts;
  count(data, counts);
  lookup_.set_from_counts(who(), counts, fixed_width());
}

void StringLookup::adapt(const DatasetArgument& dataset, const AdaptOptions& options) {
  require_can_adapt(who(), static_cast<bool>(config().vocabulary));
  WordCounts counts;
  each_batch(who(), dataset, options, [&](const Input& data) { count(data, counts); });
  lookup_.set_from_counts(who(), counts, fixed_width());
}

std::vector<std::string> StringLookup::get_vocabulary(bool include_special_tokens) const {
  return lookup_.words(include_special_tokens);
}

void StringLookup::set_vocabulary(const StringVocabulary& words, const IdfWeights& idf_weights) {
  lookup_.set(who(), layers::words_of(words, who()), idf_weights, fixed_width());
  config_.vocabulary = {};  // files get the new words
  config_.idf_weights.reset();
}

std::vector<std::string> StringLookup::words_of(std::span<const int> ids) const {
  lookup_.require_vocabulary(who());
  std::vector<std::string> words;
  for (const int id : ids) words.push_back(lookup_.word_of(id));
  return words;
}

Value StringLookup::get_config() const {
  Value value = LayerWith::get_config();
  for (auto& [key, entry] : *value.get_if<Value::Dict>()) {
    if (key == "vocabulary_size") entry = xeras::to_value(lookup_.recorded_size());
  }
  return value;
}

std::optional<Spec> StringLookup::first_input() const {
  const bool can_build = lookup_.mode() == IdMode::integer || lookup_.width();
  if (config().input_shape.rank() == 0 || !can_build) return std::nullopt;
  return Spec{config().input_shape.with_batch(), DType::string};
}

Spec StringLookup::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1, .dtype = DType::string});
  if (lookup_.mode() != IdMode::integer && !lookup_.width()) lookup_.require_vocabulary(builder.who());
  return encoded(input, lookup_.mode(), lookup_.width().value_or(0), builder.who());
}

void StringLookup::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const IdFinder finder(lookup_);
  const StringsView strings = call.strings();
  const std::int64_t samples = std::max<std::int64_t>(1, strings.extents[0]), width = strings.size() / samples;
  encode(call, lookup_.mode(), strings.extents, work_a_lookup, lookup_.idf(), [&](std::size_t i) {
    return finder.id_of(strings.data[i], [&](std::string_view word) {
      finder.throw_unknown(word, who(), call.sample_number(static_cast<std::int64_t>(i) / width));
    });
  });
}

std::optional<std::string> StringLookup::vocabulary_file() const {
  if (config().vocabulary || !lookup_.has_vocabulary()) return {};
  return lines_of(who(), lookup_.words(true));
}

void StringLookup::set_vocabulary_file(std::string_view lines, const std::vector<float>& idf_weights) {
  lookup_.set_from_file(who(), lines_in(lines), idf_weights);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(StringLookup)
