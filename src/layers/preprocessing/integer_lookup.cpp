#include "xeras/layers/preprocessing/integer_lookup.hpp"

#include <fmt/format.h>

#include <charconv>
#include "core/input_visit.hpp"
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

// The word of a lookup as an integer; 0 for a missing oov_token.
std::int64_t integer_of(const std::string& word) { return word.empty() ? 0 : as_integer(word); }

std::int64_t integer_in(const std::string& line, const std::string& who) {
  std::int64_t integer = 0;
  const char* const end = line.data() + line.size();
  const auto [last, error] = std::from_chars(line.data(), end, integer);
  if (error == std::errc() && last == end) return integer;
  throw FileError(fmt::format("{}: the vocabulary has the line \"{}\"; expected an integer.", who, shown(line)));
}

void check(const IntegerLookupOptions& o, const std::string& who) {
  if (o.invert) {
    throw InvalidArgument(fmt::format(
        "{}: invert is true; expected false, since a model gives numbers. Call words_of(ids) for the integers of ids.",
        who));
  }
  if (o.sparse) {
    throw InvalidArgument(
        fmt::format("{}: sparse is true; expected false, since arrays are dense. Leave it out.", who));
  }
  if (o.vocabulary_dtype != "int64") {
    throw InvalidArgument(fmt::format("{}: vocabulary_dtype is \"{}\"; expected \"int64\". Leave it out.", who,
                                      shown(o.vocabulary_dtype)));
  }
  static const auto& methods = *new std::vector<std::string>{"floormod", "farmhash"};
  if (std::find(methods.begin(), methods.end(), o.oov_method) == methods.end()) {
    throw InvalidArgument(who + ": " + unknown_name("oov_method", o.oov_method, methods));
  }
  if (o.salt && o.oov_method != "farmhash") {
    throw InvalidArgument(fmt::format(
        "{}: salt with oov_method = \"floormod\"; expected it with \"farmhash\" only. Leave one out.", who));
  }
}

IndexLookup lookup_of(const IntegerLookupOptions& o, const std::string& who) {
  check(o, who);
  const auto word = [](const std::optional<std::int64_t>& integer) {
    return integer ? std::optional<std::string>(as_word(*integer)) : std::nullopt;
  };
  return IndexLookup({.who = who,
                      .max_tokens = o.max_tokens,
                      .num_oov_indices = o.num_oov_indices,
                      .mask_token = word(o.mask_token),
                      .oov_token = word(o.oov_token),
                      .integers = true,
                      .output_mode = o.output_mode,
                      .output_modes = {"int", "one_hot", "multi_hot", "count", "tf_idf"},
                      .pad_to_max_tokens = o.pad_to_max_tokens,
                      .farmhash = o.oov_method == "farmhash",
                      .salt = o.salt,
                      .vocabulary_size = o.vocabulary_size});
}

}  // namespace

IntegerLookup::IntegerLookup(IntegerLookupOptions options)
    : LayerWith(std::move(options)), lookup_(lookup_of(config(), who())) {
  const IntegerVocabulary given = config().vocabulary;
  if (given) {
    lookup_.set(who(), layers::words_of(given, who()), config().idf_weights, {});
    if (given.words() == nullptr) config_.vocabulary = {};
  } else if (config().idf_weights) {
    throw InvalidArgument(fmt::format(
        "{}: idf_weights without a vocabulary; expected both. Give .vocabulary, or call adapt, which computes them.",
        who()));
  }
}

void IntegerLookup::count(const Input& data, WordCounts& counts) const {
  if (!data || data.is_text() || data.is_floating()) {
    throw InvalidInput(fmt::format("{}: adapt got {}; expected integers. Pass a vector of them.", who(),
                                   !data            ? "no data"
                                   : data.is_text() ? "texts"
                                                    : "floats"));
  }
  const auto rows = static_cast<std::size_t>(data.length());
  const std::size_t columns = rows == 0 ? 0 : static_cast<std::size_t>(data.extents().size()) / rows;
  visit_data(data, [&](const auto* integers) {
    counts.add(rows, [&](std::size_t row, text::WordMemory&, auto& words) {
      for (std::size_t i = row * columns; i < (row + 1) * columns; ++i) {
        const auto integer = static_cast<std::int64_t>(integers[i]);
        words.add(as_word(integer));
        words.flush();
      }
    });
  });
}

void IntegerLookup::adapt(const Input& data) {
  require_can_adapt(who(), static_cast<bool>(config().vocabulary));
  WordCounts counts;
  count(data, counts);
  lookup_.set_from_counts(who(), counts, fixed_width());
}

void IntegerLookup::adapt(const DatasetArgument& dataset, const AdaptOptions& options) {
  require_can_adapt(who(), static_cast<bool>(config().vocabulary));
  WordCounts counts;
  each_batch(who(), dataset, options, [&](const Input& data) { count(data, counts); });
  lookup_.set_from_counts(who(), counts, fixed_width());
}

std::vector<std::int64_t> IntegerLookup::get_vocabulary(bool include_special_tokens) const {
  std::vector<std::int64_t> integers;
  for (const std::string& word : lookup_.words(include_special_tokens)) integers.push_back(integer_of(word));
  return integers;
}

void IntegerLookup::set_vocabulary(const IntegerVocabulary& words, const IdfWeights& idf_weights) {
  lookup_.set(who(), layers::words_of(words, who()), idf_weights, fixed_width());
  config_.vocabulary = {};  // files get the new words
  config_.idf_weights.reset();
}

std::vector<std::int64_t> IntegerLookup::words_of(std::span<const int> ids) const {
  lookup_.require_vocabulary(who());
  std::vector<std::int64_t> words;
  for (const int id : ids) words.push_back(integer_of(lookup_.word_of(id)));
  return words;
}

Value IntegerLookup::get_config() const {
  Value value = LayerWith::get_config();
  for (auto& [key, entry] : *value.get_if<Value::Dict>()) {
    if (key == "vocabulary_size") entry = xeras::to_value(lookup_.recorded_size());
  }
  return value;
}

std::optional<Spec> IntegerLookup::first_input() const {
  const bool can_build = lookup_.mode() == IdMode::integer || lookup_.width();
  if (config().input_shape.rank() == 0 || !can_build) return std::nullopt;
  return Spec{config().input_shape.with_batch(), DType::int32};
}

Spec IntegerLookup::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 1, .dtype = DType::int32});
  if (lookup_.mode() != IdMode::integer && !lookup_.width()) lookup_.require_vocabulary(builder.who());
  return encoded(input, lookup_.mode(), lookup_.width().value_or(0), builder.who());
}

void IntegerLookup::forward(const Call& call) const {
  if (!lookup_.has_vocabulary()) lookup_.require_vocabulary(who());
  const IdFinder finder(lookup_);
  const AnyView integers = call.ids();
  const Extents& extents = integers.extents;
  const std::int64_t samples = std::max<std::int64_t>(1, extents[0]), width = extents.size() / samples;
  visit_data(integers.kind, integers.data, [&](const auto* data) {
    encode(call, lookup_.mode(), extents, work_a_lookup, lookup_.idf(), [&](std::size_t i) {
      const auto integer = static_cast<std::int64_t>(data[i]);
      return finder.id_of(as_word(integer), [&](std::string_view word) {
        finder.throw_unknown(word, who(), call.sample_number(static_cast<std::int64_t>(i) / width));
      });
    });
  });
}

std::optional<std::string> IntegerLookup::vocabulary_file() const {
  if (config().vocabulary || !lookup_.has_vocabulary()) return {};
  std::vector<std::string> lines;
  for (const std::int64_t integer : get_vocabulary()) lines.push_back(std::to_string(integer));
  return lines_of(who(), lines);
}

void IntegerLookup::set_vocabulary_file(std::string_view lines, const std::vector<float>& idf_weights) {
  std::vector<std::string> words;
  for (const std::string& line : lines_in(lines)) words.emplace_back(as_word(integer_in(line, who())));
  lookup_.set_from_file(who(), std::move(words), idf_weights);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(IntegerLookup)
