// Cosines: the nearest words, and questions of analogy.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "core/masked_traps.hpp"
#include "core/memory.hpp"
#include "core/parallel.hpp"
#include "core/shown.hpp"
#include "data/line_reader.hpp"
#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "text/utf8.hpp"
#include "text/vectors_state.hpp"

namespace xeras::text {
namespace {

using Ranked = std::pair<float, int>;  // cosine, row

// The largest cosine first; of equal ones, the first row.
bool is_before(const Ranked& a, const Ranked& b) {
  return a.first != b.first ? a.first > b.first : a.second < b.second;
}

// Keeps the best of many rows.
class Best {
 public:
  explicit Best(std::size_t count) : count_(count) { ranked_.reserve(count); }

  void add(float cosine, std::size_t row) {
    if (ranked_.size() == count_ && (count_ == 0 || cosine <= ranked_.front().first)) return;
    if (ranked_.size() == count_) {
      std::pop_heap(ranked_.begin(), ranked_.end(), is_before);
      ranked_.pop_back();
    }
    ranked_.emplace_back(cosine, static_cast<int>(row));
    std::push_heap(ranked_.begin(), ranked_.end(), is_before);
  }
  std::vector<Ranked> sorted() && {
    std::sort_heap(ranked_.begin(), ranked_.end(), is_before);
    return std::move(ranked_);
  }

 private:
  std::size_t count_;
  std::vector<Ranked> ranked_;  // a heap with the worst in front
};

void normalize(std::vector<float>& vector) {
  const float norm = std::sqrt(kernels::simd().sum_of_squares(vector.data(), vector.size()));
  if (norm > 0) kernels::simd().scale(1.0f / norm, vector.data(), vector.size());
}

// Vectors without a direction, of length 0 or infinity, are not similar to any.
float cosine_of(float product, float norm) { return norm > 0 && std::isfinite(norm) ? product / norm : 0.0f; }

std::int64_t positive(const char* name, std::int64_t value) {
  if (value > 0) return value;
  throw InvalidArgument(fmt::format("Vectors: {} is {}; expected a positive integer. It counts words.", name, value));
}

}  // namespace

double Vectors::similarity(std::string_view a, std::string_view b) const try {
  const MaskedTraps masked;
  std::vector<float> first(state_->dim), second(state_->dim);
  state_->get("similarity", a, first.data());
  state_->get("similarity", b, second.data());
  normalize(first);
  normalize(second);
  return kernels::simd().dot(first.data(), second.data(), state_->dim);
} catch (...) {
  rethrow_as("Vectors");
}

// Returns the nearest of the first `words` words to a vector, (dim), that need not be normalized.
std::vector<std::pair<std::string, double>> Vectors::nearest(const float* vector, std::vector<int> excluded,
                                                             std::int64_t topn, std::size_t words) const {
  const State& state = *state_;
  std::vector<float> query(vector, vector + state.dim);
  normalize(query);
  std::vector<float> cosines(words);
  parallel_for(words, state.dim, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      cosines[i] = cosine_of(kernels::simd().dot(state.row(i), query.data(), state.dim), state.norms[i]);
    }
  });
  std::sort(excluded.begin(), excluded.end());
  const std::size_t most = std::min(words, static_cast<std::size_t>(std::min<std::int64_t>(topn, size())));
  Best best(most);
  for (std::size_t i = 0; i < words; ++i) {
    if (!std::binary_search(excluded.begin(), excluded.end(), static_cast<int>(i))) best.add(cosines[i], i);
  }
  std::vector<std::pair<std::string, double>> result;
  for (const auto& [cosine, row] : std::move(best).sorted()) {
    result.emplace_back(state.words.entry(static_cast<std::size_t>(row)).first, cosine);
  }
  return result;
}

std::vector<std::pair<std::string, double>> Vectors::most_similar(std::string_view word, Count topn) const {
  return most_similar({.positive = std::string(word), .topn = topn});
}

std::vector<std::pair<std::string, double>> Vectors::most_similar(const Tensor& vector, Count topn) const try {
  const MaskedTraps masked;
  if (vector.dimension() != 1 || vector.size() != state_->dim) {
    throw InvalidArgument(fmt::format("Vectors: most_similar: a vector of shape {}; expected ({},). Give one vector.",
                                      shape_of(vector).to_string(), state_->dim));
  }
  if (!kernels::simd().all_finite(vector.data(), vector.size())) {
    throw InvalidArgument("Vectors: most_similar: the vector has NaN or infinity; expected finite floats. Check it.");
  }
  return nearest(vector.data(), {}, positive("topn", topn), state_->words.size());
} catch (...) {
  rethrow_as("Vectors");
}

std::vector<std::pair<std::string, double>> Vectors::most_similar(const MostSimilarOptions& options) const try {
  const MaskedTraps masked;
  const State& state = *state_;
  const std::int64_t topn = positive("topn", options.topn);
  std::size_t words = state.words.size();
  if (options.restrict_vocab) {
    words = std::min(words, static_cast<std::size_t>(positive("restrict_vocab", *options.restrict_vocab)));
  }
  if (options.positive.empty() && options.negative.empty()) {
    throw InvalidArgument("Vectors: most_similar without any word; expected one or more. Set positive.");
  }
  std::vector<int> excluded;
  std::vector<float> sum(state.dim), vector(state.dim);
  const auto add = [&](const std::string& word, float sign) {
    state.get("most_similar", word, vector.data());
    normalize(vector);
    kernels::simd().axpy(sign, vector.data(), sum.data(), state.dim);
    const auto found = state.words.find(word);
    if (found != state.words.end()) excluded.push_back(found->second);
  };
  for (const std::string& word : options.positive) add(word, 1.0f);
  for (const std::string& word : options.negative) add(word, -1.0f);
  return nearest(sum.data(), std::move(excluded), topn, words);
} catch (...) {
  rethrow_as("Vectors");
}

namespace {

struct Question {
  std::size_t section;
  int a, b, c, d;  // rows
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  for (std::size_t at = line.find_first_not_of(" \t"); at != line.npos; at = line.find_first_not_of(" \t", at)) {
    const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
    fields.push_back(line.substr(at, end - at));
    at = end;
  }
  return fields;
}

std::string folded(const std::string& word, bool case_insensitive) {
  if (!case_insensitive || find_invalid(word) != word.npos) return word;
  std::string lower;
  append_lower(word, lower);
  return lower;
}

}  // namespace

// As gensim: 3CosAdd among the first words. The answer is the best of five candidates that is not, but for its case, a
// word of the question.
AnalogyScores Vectors::evaluate_word_analogies(const std::string& path, const AnalogiesOptions& options) const try {
  const MaskedTraps masked;
  const State& state = *state_;
  const auto words =
      std::min(state.words.size(), static_cast<std::size_t>(positive("restrict_vocab", options.restrict_vocab)));
  std::unordered_map<std::string, int> rows;  // of words without their case: the first of them
  std::vector<int> kind(words);               // the row that stands for a word without its case
  for (std::size_t i = 0; i < words; ++i) {
    const std::string word = folded(state.words.entry(i).first, options.case_insensitive);
    kind[i] = rows.emplace(word, static_cast<int>(i)).first->second;
  }

  AnalogyScores scores;
  std::vector<Question> questions;
  constexpr std::size_t longest_line = std::size_t{1} << 20;
  data::LineReader reader("Vectors", path, longest_line);
  for (std::string line; reader.next(line);) {
    if (line.starts_with(':')) {
      const std::size_t name = line.find_first_not_of(": \t");
      scores.sections.push_back({.name = name == line.npos ? "" : line.substr(name)});
      continue;
    }
    const std::vector<std::string> fields = fields_of(line);
    if (fields.empty()) continue;
    if (fields.size() != 4) {
      throw InvalidInput(
          fmt::format("{} has {} words; expected 4, or a section such as \": capitals\". Correct the line.",
                      reader.place(), fields.size()));
    }
    if (scores.sections.empty()) {
      throw InvalidInput(fmt::format(
          "{} comes before any section; expected a line such as \": capitals\" first. Add one.", reader.place()));
    }
    int found[4];
    bool is_known = true;
    for (std::size_t i = 0; i < 4; ++i) {
      const auto row = rows.find(folded(fields[i], options.case_insensitive));
      is_known = is_known && row != rows.end();
      if (is_known) found[i] = row->second;
    }
    if (is_known) {
      questions.push_back({scores.sections.size() - 1, found[0], found[1], found[2], found[3]});
    } else if (options.dummy4unknown) {
      ++scores.sections.back().incorrect;
    } else {
      ++scores.skipped;
    }
  }

  const std::size_t dim = state.dim;
  constexpr std::size_t at_once = 128, chunk = 4096;
  std::vector<float> queries(at_once * dim), products(chunk * at_once);
  for (std::size_t first = 0; first < questions.size(); first += at_once) {
    const std::size_t count = std::min(at_once, questions.size() - first);
    const std::span<const Question> batch(questions.data() + first, count);
    for (std::size_t q = 0; q < count; ++q) {
      float* const query = queries.data() + q * dim;
      std::fill(query, query + dim, 0.0f);
      const auto add = [&](int row, float sign) {
        const float norm = state.norms[static_cast<std::size_t>(row)];
        if (norm > 0) kernels::simd().axpy(sign / norm, state.row(static_cast<std::size_t>(row)), query, dim);
      };
      add(batch[q].b, 1.0f);
      add(batch[q].c, 1.0f);
      add(batch[q].a, -1.0f);
    }
    constexpr std::size_t candidates = 5;
    std::vector<Best> best(count, Best(candidates));
    for (std::size_t begin = 0; begin < words; begin += chunk) {
      const std::size_t size = std::min(chunk, words - begin);
      // (count, size): a row of products per question.
      kernels::gemm(false, true, count, size, dim, queries.data(), dim, state.row(begin), dim, 0.0f, products.data(),
                    size);
      parallel_for(count, size, [&](std::size_t from, std::size_t to) {
        for (std::size_t q = from; q < to; ++q) {
          const Question& question = batch[q];
          for (std::size_t i = 0; i < size; ++i) {
            const auto row = static_cast<int>(begin + i);
            if (row == question.a || row == question.b || row == question.c) continue;
            best[q].add(cosine_of(products[q * size + i], state.norms[begin + i]), begin + i);
          }
        }
      });
    }
    for (std::size_t q = 0; q < count; ++q) {
      const Question& question = batch[q];
      int answer = -1;
      for (const auto& [cosine, row] : std::move(best[q]).sorted()) {
        answer = kind[static_cast<std::size_t>(row)];
        if (answer != question.a && answer != question.b && answer != question.c) break;
      }
      AnalogySection& section = scores.sections[question.section];
      ++(answer == question.d ? section.correct : section.incorrect);
    }
  }
  for (const AnalogySection& section : scores.sections) {
    scores.total.correct += section.correct;
    scores.total.incorrect += section.incorrect;
  }
  return scores;
} catch (...) {
  rethrow_as("Vectors");
}

}  // namespace xeras::text
