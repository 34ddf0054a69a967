#include "xeras/text/vectors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "kernels/simd.hpp"
#include "text/utf8.hpp"
#include "text/vectors_binary.hpp"
#include "text/vectors_numbers.hpp"
#include "text/vectors_state.hpp"

namespace xeras::text {
namespace {

// Parses "400000 300", alone on the first line.
std::optional<VectorsHeader> find_header(const VectorsFile& file, std::string_view sample, std::size_t begin) {
  constexpr std::size_t longest_header = 64;
  const std::string_view start = sample.substr(begin, longest_header);
  const std::size_t feed = start.find('\n');
  if (feed == start.npos && begin + start.size() != sample.size()) return {};
  const std::string_view line = trim_end(start.substr(0, feed));
  const std::size_t middle = line.find_first_of(" \t");
  if (middle == line.npos || line.find_first_not_of("0123456789 \t") != line.npos) return {};
  const std::size_t second = line.find_first_not_of(" \t", middle);
  if (line.find_first_of(" \t", second) != line.npos) return {};
  VectorsHeader header;
  const char* const end = line.data() + line.size();
  const auto count = std::from_chars(line.data(), end, header.count);
  const auto dim = std::from_chars(line.data() + second, end, header.dim);
  header.end = std::min(begin + (feed == start.npos ? start.size() : feed + 1), sample.size());
  // Every word takes some bytes, and so does every number: a larger header cannot be right.
  if (count.ec != std::errc() || dim.ec != std::errc() || header.count > file.size() || header.dim > file.size()) {
    file.fail(fmt::format(
        ": the header is \"{}\", but the file has only {} bytes; expected the number of words and the number "
        "of numbers per word. Get the file again.",
        line, file.size()));
  }
  if (header.dim == 0) {
    file.fail(
        fmt::format(": the header is \"{}\", with 0 numbers per word; expected at least 1. Get the file again.", line));
  }
  return header;
}

// True when the lines behind a header are not text.
bool is_binary(std::string_view behind, std::size_t dim) {
  const std::string_view line = trim_end(behind.substr(0, behind.find('\n')));
  if (count_trailing_numbers(line) >= dim) return false;
  constexpr std::size_t window = 4096;
  const std::string_view start = behind.substr(0, window);
  return std::any_of(start.begin(), start.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && c != '\n' && c != '\r' && c != '\t';
  });
}

void refuse_other_files(const VectorsFile& file, std::string_view sample) {
  const auto refuse = [&](const char* what, const char* advice) {
    file.fail(
        fmt::format(" is {}; expected a file of vectors: word2vec text or binary, GloVe text, fastText .vec or "
                    ".bin. {}",
                    what, advice));
  };
  if (sample.empty()) refuse("empty", "Get the file again.");
  if (sample.starts_with("\x1F\x8B")) refuse("compressed with gzip", "Decompress it with gunzip.");
  if (sample.starts_with("PK\3\4")) refuse("a zip archive", "Decompress it with unzip.");
  if (sample.starts_with("\xFF\xFE") || sample.starts_with("\xFE\xFF")) refuse("UTF-16", "Convert it to UTF-8.");
}

std::optional<Subwords> read_vectors(const std::string& path, VectorsCollector& collector) {
  const VectorsFile file(path);
  std::string sample(std::min(file.size(), sample_bytes), '\0');
  file.read(0, sample.size(), sample.data());
  refuse_other_files(file, sample);
  if (sample.starts_with(fasttext_magic)) return read_fasttext_model(file, collector);
  const std::size_t begin = sample.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  const std::optional<VectorsHeader> header = find_header(file, sample, begin);
  if (header && is_binary(std::string_view(sample).substr(header->end), header->dim)) {
    read_binary_vectors(file, *header, collector);
  } else {
    sample = {};
    read_text_vectors(file, begin, header, collector);
  }
  return {};
}

}  // namespace

bool Vectors::State::find(std::string_view word, bool uses_subwords, float* to) const {
  const auto found = words.find(word);
  if (found != words.end()) {
    std::memcpy(to, row(static_cast<std::size_t>(found->second)), dim * sizeof(float));
    return true;
  }
  if (!uses_subwords || !subwords) return false;
  std::fill(to, to + dim, 0.0f);
  const std::size_t count = subwords->add(word, to);
  if (count == 0) return false;
  const float share = static_cast<float>(1.0 / static_cast<double>(count));
  for (std::size_t i = 0; i < dim; ++i) to[i] *= share;
  return true;
}

void Vectors::State::get(const char* function, std::string_view word, float* to) const {
  if (find(word, true, to)) return;
  throw InvalidArgument(fmt::format(
      "Vectors: {}: the word \"{}\" has no vector; expected one of the {} words{}. Call contains() first, and "
      "mind capital letters.",
      function, shown(word), words.size(), subwords ? ", or one with n-grams" : ""));
}

void Vectors::State::set_norms() {
  norms.resize(words.size());
  parallel_for(words.size(), dim, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) norms[i] = std::sqrt(kernels::simd().sum_of_squares(row(i), dim));
  });
}

Vectors::Vectors(const std::string& path, const VectorsOptions& options) try {
  const MaskedTraps masked;
  VectorsCollector collector(options);
  std::optional<Subwords> subwords = read_vectors(path, collector);
  if (!options.subwords) subwords.reset();
  auto state = std::make_shared<State>();
  state->words = std::move(collector.words);
  state->values = std::move(collector.values);
  state->dim = collector.dim();
  state->subwords = std::move(subwords);
  state->set_norms();
  state_ = std::move(state);
} catch (...) {
  rethrow_as("Vectors");
}

Vectors::Vectors(const std::vector<std::string>& words, const Tensor& table) try {
  const MaskedTraps masked;
  if (table.dimension() != 2 || table.shape(0) != words.size() || table.shape(1) == 0) {
    throw InvalidArgument(
        fmt::format("Vectors: a table of shape {} for {} words; expected ({}, dimension). Give each word a row.",
                    shape_of(table).to_string(), words.size(), words.size()));
  }
  auto state = std::make_shared<State>();
  state->dim = table.shape(1);
  state->values.assign(table.data(), table.data() + table.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (state->words.add(words[i]) != i) {
      throw InvalidArgument(
          fmt::format("Vectors: the word \"{}\" is in rows {} and {}; expected each word once. Leave one out.",
                      shown(words[i]), state->words.at(words[i]), i));
    }
    state->words.value(i) = static_cast<int>(i);
    if (!kernels::simd().all_finite(state->row(i), state->dim)) {
      throw InvalidArgument(fmt::format(
          "Vectors: row {}, of the word \"{}\", has NaN or infinity; expected finite floats. Did the training "
          "diverge?",
          i, shown(words[i])));
    }
  }
  state->set_norms();
  state_ = std::move(state);
} catch (...) {
  rethrow_as("Vectors");
}

std::int64_t Vectors::size() const { return static_cast<std::int64_t>(state_->words.size()); }
std::int64_t Vectors::dimension() const { return static_cast<std::int64_t>(state_->dim); }
const WordMap<int>& Vectors::word_index() const { return state_->words; }
bool Vectors::has_subwords() const { return state_->subwords.has_value(); }

std::vector<std::string> Vectors::words() const {
  std::vector<std::string> words;
  words.reserve(state_->words.size());
  for (const auto& [word, row] : state_->words) words.push_back(word);
  return words;
}

Tensor Vectors::vectors() const try {
  Tensor vectors(std::vector<std::size_t>{state_->words.size(), state_->dim});
  std::copy(state_->values.begin(), state_->values.end(), vectors.data());
  return vectors;
} catch (...) {
  rethrow_as("Vectors");
}

bool Vectors::contains(std::string_view word) const {
  return state_->words.contains(word) || (state_->subwords && state_->subwords->has_any(word));
}

Tensor Vectors::operator[](std::string_view word) const try {
  Tensor vector(std::vector<std::size_t>{state_->dim});
  state_->get("operator[]", word, vector.data());
  return vector;
} catch (...) {
  rethrow_as("Vectors");
}

}  // namespace xeras::text
