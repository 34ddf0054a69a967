#include "layers/preprocessing/vocabulary_file.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>

#include "core/shown.hpp"
#include "data/checks.hpp"
#include "layers/preprocessing/id_finder.hpp"
#include "xeras/core/error.hpp"

namespace xeras::layers {
namespace {

std::vector<std::string> lines_of_file(const std::string& path, const std::string& who) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file || file.bad()) {
    throw FileError(
        fmt::format("{}: {}: cannot be read; expected a text file with one word on each line.", who, shown(path)));
  }
  std::vector<std::string> lines = lines_in(text);
  for (std::string& line : lines) {
    if (line.ends_with('\r')) line.pop_back();
  }
  return lines;
}

}  // namespace

std::vector<std::string> words_of(const StringVocabulary& vocabulary, const std::string& who) {
  return vocabulary.words() != nullptr ? *vocabulary.words() : lines_of_file(vocabulary.path(), who);
}

std::vector<std::string> words_of(const IntegerVocabulary& vocabulary, const std::string& who) {
  std::vector<std::string> words;
  if (vocabulary.words() != nullptr) {
    for (const std::int64_t integer : *vocabulary.words()) words.emplace_back(as_word(integer));
    return words;
  }
  for (const std::string& line : lines_of_file(vocabulary.path(), who)) {
    std::int64_t integer = 0;
    const char* const end = line.data() + line.size();
    const auto [last, error] = std::from_chars(line.data(), end, integer);
    if (error != std::errc() || last != end) {
      throw FileError(fmt::format("{}: {}: line {} is \"{}\"; expected an integer. Correct the file.", who,
                                  shown(vocabulary.path()), words.size() + 1, shown(line)));
    }
    words.emplace_back(as_word(integer));
  }
  return words;
}

std::string lines_of(const std::string& who, const std::vector<std::string>& words) {
  std::string lines;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i].find_first_of("\r\n") != std::string::npos) {
      throw Error(fmt::format(
          "{}: the vocabulary has \"{}\"; expected words without line ends, which files separate by lines. Leave it "
          "out, or give the words as the argument .vocabulary.",
          who, shown(words[i])));
    }
    if (i > 0) lines += '\n';
    lines += words[i];
  }
  return lines;
}

std::vector<std::string> lines_in(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t length = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

void require_can_adapt(const std::string& who, bool has_vocabulary_argument) {
  if (!has_vocabulary_argument) return;
  throw InvalidArgument(
      fmt::format("{}: adapt of a layer that got .vocabulary; expected a layer without it. Leave .vocabulary out, or "
                  "call set_vocabulary.",
                  who));
}

void each_batch(const std::string& who, const DatasetArgument& argument, const AdaptOptions& options,
                const std::function<void(const Input& x)>& f) {
  if (options.steps && *options.steps <= 0) {
    throw InvalidArgument(fmt::format("{}: steps is {}; expected a positive integer. Leave it out to use all batches.",
                                      who, *options.steps));
  }
  const std::string adapting = who + ": adapt";
  data::Dataset& dataset = argument.get(adapting.c_str());
  const std::optional<std::int64_t> size = data::size_of(adapting.c_str(), dataset);
  dataset.set_epoch(0);
  dataset.on_epoch_begin();
  for (std::int64_t i = 0; (!size || i < *size) && (!options.steps || i < *options.steps); ++i) {
    const data::Batch batch = dataset.get_batch(i);
    if (size) data::check_has_x(adapting.c_str(), batch, i, *size);
    if (!batch.x) break;
    f(batch.x);
  }
  dataset.on_epoch_end();
}

void require_texts(const std::string& who, const Input& x) {
  if (x.is_text()) return;
  throw InvalidInput(
      fmt::format("{}: adapt got {}; expected texts. Pass a vector of strings.", who, x ? "numbers" : "no data"));
}

}  // namespace xeras::layers
