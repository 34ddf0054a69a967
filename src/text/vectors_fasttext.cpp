// Reads fastText's .bin files: the arguments of the training, the dictionary, and the input matrix, which has a row for
// each word and then for each bucket of n-grams. The output matrix behind it is not needed.
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "text/vectors_binary.hpp"

namespace xeras::text {
namespace {

constexpr std::int32_t supervised = 3;
constexpr std::size_t read_bytes = std::size_t{1} << 22;

struct Arguments {
  std::int32_t dim, bucket, minn, maxn;
};

Arguments read_arguments(const VectorsFile& file, ByteReader& reader) {
  const auto version = reader.number<std::int32_t>("the version");
  constexpr std::int32_t oldest = 11, newest = 12;
  if (version < oldest || version > newest) {
    file.fail(fmt::format(
        " is a fastText model of version {}; expected version 11 or 12. Convert it with a current fastText.", version));
  }
  std::int32_t fields[12];
  for (std::int32_t& field : fields) field = reader.number<std::int32_t>("the arguments");
  reader.number<double>("the arguments");
  const std::int32_t model = fields[7];
  Arguments arguments{.dim = fields[0], .bucket = fields[8], .minn = fields[9], .maxn = fields[10]};
  // Such models have no n-grams, whatever the arguments say.
  if (version == oldest && model == supervised) arguments.maxn = 0;
  if (arguments.dim <= 0 || arguments.bucket < 0) {
    file.fail(
        fmt::format(": its arguments have dim {} and bucket {}; expected a positive and a non-negative integer. "
                    "Get the file again.",
                    arguments.dim, arguments.bucket));
  }
  // Longer n-grams are no use, and a file could ask for endless work.
  constexpr std::int32_t most_characters = 100;
  if (arguments.maxn > most_characters) {
    file.fail(fmt::format(": its n-grams have up to {} characters; expected at most {}. Get the file again.",
                          arguments.maxn, most_characters));
  }
  return arguments;
}

struct Dictionary {
  std::vector<std::string> words;
  bool is_pruned = false;
};

Dictionary read_dictionary(const VectorsFile& file, ByteReader& reader) {
  const auto size = reader.number<std::int32_t>("the dictionary");
  const auto words = reader.number<std::int32_t>("the dictionary");
  const auto labels = reader.number<std::int32_t>("the dictionary");
  reader.number<std::int64_t>("the dictionary");  // tokens in the training data
  const auto pruned = reader.number<std::int64_t>("the dictionary");
  if (size < 0 || words < 0 || labels < 0 || std::int64_t{words} + labels != size) {
    file.fail(
        fmt::format(": its dictionary has {} entries, {} words and {} labels; expected a sum. Get the file again.",
                    size, words, labels));
  }
  Dictionary dictionary;
  for (std::int32_t i = 0; i < size; ++i) {
    const std::size_t at = reader.at();
    const std::string word(reader.until('\0', "a word"));
    reader.number<std::int64_t>("a word's count");
    const bool is_label = reader.number<std::int8_t>("a word's type") != 0;
    if (is_label != (i >= words)) {
      file.fail(fmt::format(
          ", byte {}: entry {}, \"{}\", of the dictionary is a {}; expected {} words, then labels. Get the file again.",
          at, i, shown(word), is_label ? "label" : "word", words));
    }
    if (!is_label) dictionary.words.push_back(word);
  }
  dictionary.is_pruned = pruned >= 0;
  constexpr std::size_t pair_bytes = 8;
  if (pruned > 0 && static_cast<std::size_t>(pruned) > reader.left() / pair_bytes) {
    file.fail(fmt::format(", byte {}: {} pruned n-grams would follow; expected a complete file. Get the file again.",
                          reader.at(), pruned));
  }
  if (pruned > 0) reader.skip(static_cast<std::size_t>(pruned) * pair_bytes, "the pruned n-grams");
  return dictionary;
}

// Reads floats at a place of the file, in several threads.
void read_floats(const VectorsFile& file, std::size_t at, std::size_t count, float* to) {
  const std::size_t bytes = count * sizeof(float);
  parallel_tasks((bytes + read_bytes - 1) / read_bytes, [&](std::size_t i) {
    const std::size_t begin = i * read_bytes, part = std::min(read_bytes, bytes - begin);
    file.read(at + begin, part, reinterpret_cast<char*>(to) + begin);
    if (kernels::simd().all_finite(to + begin / sizeof(float), part / sizeof(float))) return;
    file.fail(fmt::format(
        ", byte {}: the matrix has NaN or infinity; expected finite floats. Did the training diverge?", at + begin));
  });
}

}  // namespace

std::optional<Subwords> read_fasttext_model(const VectorsFile& file, VectorsCollector& collector) {
  ByteReader reader(file, fasttext_magic.size());
  const Arguments arguments = read_arguments(file, reader);
  const Dictionary dictionary = read_dictionary(file, reader);
  if (reader.number<std::uint8_t>("the kind of matrix") != 0) {
    file.fail(
        " is a quantized fastText model (.ftz); expected one that is not. Save the model without \"fasttext "
        "quantize\", "
        "or write its vectors to a text file with \"fasttext print-word-vectors\".");
  }
  if (dictionary.is_pruned) {
    file.fail(" is a pruned fastText model; expected a whole one. Save the model without \"fasttext quantize\".");
  }
  const auto rows = reader.number<std::int64_t>("the matrix");
  const auto cols = reader.number<std::int64_t>("the matrix");
  const auto dim = static_cast<std::size_t>(arguments.dim);
  const std::size_t words = dictionary.words.size();
  if (cols != arguments.dim || rows != static_cast<std::int64_t>(words) + arguments.bucket) {
    file.fail(
        fmt::format(": its matrix has the shape ({}, {}); expected ({} words + {} buckets, {}). Get the file again.",
                    rows, cols, words, arguments.bucket, dim));
  }
  const std::size_t at = reader.at();
  if (static_cast<std::size_t>(rows) > reader.left() / (dim * sizeof(float))) {
    file.fail(
        fmt::format(", byte {}: its matrix has the shape ({}, {}), but the file ends after {} bytes; expected a "
                    "complete file. Get the file again.",
                    at, rows, cols, reader.left()));
  }

  std::optional<Subwords> subwords;
  const bool has_subwords = arguments.maxn > 0 && arguments.maxn >= arguments.minn && arguments.bucket > 0;
  if (has_subwords) {
    subwords = Subwords{.dim = dim,
                        .minn = arguments.minn,
                        .maxn = arguments.maxn,
                        .buckets = static_cast<std::uint32_t>(arguments.bucket),
                        .values = Floats(static_cast<std::size_t>(arguments.bucket) * dim)};
    read_floats(file, at + words * dim * sizeof(float), subwords->values.size(), subwords->values.data());
  }

  collector.start(dim, words);
  const std::size_t count = std::min(words, collector.limit().value_or(words));
  for (std::size_t i = 0; i < count && !collector.is_complete(); ++i) {
    const std::string& word = dictionary.words[i];
    if (!collector.wants(word)) continue;
    float* const row = collector.add(file, word, [&] { return fmt::format(", word {}", i); });
    if (row == nullptr) continue;
    file.read(at + i * dim * sizeof(float), dim * sizeof(float), row);
    if (!kernels::simd().all_finite(row, dim)) {
      file.fail(
          fmt::format(": the vector of word {}, \"{}\", has NaN or infinity; expected finite floats. Did the "
                      "training diverge?",
                      i, shown(word)));
    }
    // The mean of the word's own row and those of its n-grams, to the bit as in fastText's getWordVector. The end of a
    // sentence has no n-grams.
    const std::size_t terms = 1 + (subwords && word != "</s>" ? subwords->add(word, row) : 0);
    const float share = static_cast<float>(1.0 / static_cast<double>(terms));
    for (std::size_t k = 0; k < dim; ++k) row[k] *= share;
  }
  return subwords;
}

}  // namespace xeras::text
