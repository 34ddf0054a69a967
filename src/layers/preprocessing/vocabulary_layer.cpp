#include "xeras/layers/preprocessing/vocabulary_layer.hpp"

#include <fmt/format.h>

#include <charconv>

#include "core/shown.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "layers/preprocessing/vocabulary_file.hpp"
#include "layers/preprocessing/word_counts.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/preprocessing/integer_lookup.hpp"
#include "xeras/layers/preprocessing/ngram_vectorization.hpp"
#include "xeras/layers/preprocessing/string_lookup.hpp"
#include "xeras/layers/preprocessing/text_vectorization.hpp"

namespace xeras::layers {
namespace {

template <class Config>
IdfWeights idf_weights_of(const Config& config) {
  if constexpr (requires { config.idf_weights; }) return config.idf_weights;
  return {};
}

// A word has three forms: that of users, that in a lookup, and a line of a file.
void read_lookup(const std::string& stored, std::string& word) { word = stored; }
void read_lookup(const std::string& stored, std::int64_t& integer) {
  integer = stored.empty() ? 0 : as_integer(stored);  // a missing oov_token is 0
}

const std::string& line_of(const std::string& word) { return word; }
std::string line_of(std::int64_t integer) { return std::to_string(integer); }

template <class Word>
std::string stored_from(const std::string& line, const std::string& who) {
  if constexpr (std::same_as<Word, std::string>) {
    return line;
  } else {
    std::int64_t integer = 0;
    const char* const end = line.data() + line.size();
    const auto [last, error] = std::from_chars(line.data(), end, integer);
    if (error == std::errc() && last == end) return std::string(as_word(integer));
    throw FileError(fmt::format("{}: the vocabulary has the line \"{}\"; expected an integer.", who, shown(line)));
  }
}

}  // namespace

template <class Config>
void VocabularyLayer<Config>::set_lookup(IndexLookup lookup) {
  lookup_ = std::move(lookup);
  const Words given = this->config().vocabulary;
  const IdfWeights idf_weights = idf_weights_of(this->config());
  if (given) {
    lookup_.set(this->who(), layers::words_of(given, this->who()), idf_weights, {});
    if (given.words() == nullptr) this->config_.vocabulary = {};
  } else if (idf_weights) {
    throw InvalidArgument(fmt::format(
        "{}: idf_weights without a vocabulary; expected both. Give .vocabulary, or call adapt, which computes them.",
        this->who()));
  }
}

template <class Config>
void VocabularyLayer<Config>::adapt(const Input& data) {
  require_can_adapt(this->who(), static_cast<bool>(this->config().vocabulary));
  WordCounts counts;
  count(data, counts);
  take(counts);
}

template <class Config>
void VocabularyLayer<Config>::adapt(const DatasetArgument& dataset, const AdaptOptions& options) {
  require_can_adapt(this->who(), static_cast<bool>(this->config().vocabulary));
  WordCounts counts;
  each_batch(this->who(), dataset, options, [&](const Input& data) { count(data, counts); });
  take(counts);
}

template <class Config>
void VocabularyLayer<Config>::take(WordCounts& counts) {
  lookup_.set_from_counts(this->who(), counts, fixed_width());
}

template <class Config>
std::optional<std::int64_t> VocabularyLayer<Config>::fixed_width() const {
  return this->built() && this->in_plan() ? lookup_.width() : std::nullopt;
}

template <class Config>
auto VocabularyLayer<Config>::get_vocabulary(bool include_special_tokens) const -> std::vector<Word> {
  std::vector<Word> words;
  for (const std::string& stored : lookup_.words(include_special_tokens)) read_lookup(stored, words.emplace_back());
  return words;
}

template <class Config>
void VocabularyLayer<Config>::set_vocabulary(const Words& words, const IdfWeights& idf_weights) {
  lookup_.set(this->who(), layers::words_of(words, this->who()), idf_weights, fixed_width());
  this->config_.vocabulary = {};  // files get the new words
  if constexpr (requires { this->config_.idf_weights; }) this->config_.idf_weights.reset();
}

template <class Config>
auto VocabularyLayer<Config>::words_of(std::span<const int> ids) const -> std::vector<Word> {
  lookup_.require_vocabulary(this->who());
  std::vector<Word> words;
  for (const int id : ids) read_lookup(lookup_.word_of(id), words.emplace_back());
  return words;
}

template <class Config>
Value VocabularyLayer<Config>::get_config() const {
  Value value = LayerWith<Config>::get_config();
  for (auto& [key, entry] : *value.template get_if<Value::Dict>()) {
    if (key == "vocabulary_size") entry = xeras::to_value(lookup_.recorded_size());
  }
  return value;
}

template <class Config>
std::optional<std::string> VocabularyLayer<Config>::vocabulary_file() const {
  if (this->config().vocabulary || !lookup_.has_vocabulary()) return {};
  std::vector<std::string> lines;
  for (const Word& word : VocabularyLayer::get_vocabulary()) lines.push_back(line_of(word));
  return lines_of(this->who(), lines);
}

template <class Config>
void VocabularyLayer<Config>::set_vocabulary_file(std::string_view lines, const std::vector<float>& idf_weights) {
  std::vector<std::string> words = lines_in(lines);
  for (std::string& word : words) word = stored_from<Word>(word, this->who());
  lookup_.set_from_file(this->who(), std::move(words), idf_weights);
}

template class VocabularyLayer<StringLookupOptions>;
template class VocabularyLayer<IntegerLookupOptions>;
template class VocabularyLayer<TextVectorizationOptions>;
template class VocabularyLayer<NgramVectorizationOptions>;

}  // namespace xeras::layers
