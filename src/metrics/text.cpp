#include "xeras/metrics/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <span>

#include "metrics/mteval_tokens.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

using Words = std::vector<std::string>;
using Counts = std::map<std::span<const std::string>, std::int64_t,
                        decltype([](std::span<const std::string> a, std::span<const std::string> b) {
                          return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
                        })>;

void check_equal_numbers(const std::string& name, std::size_t references, std::size_t texts) {
  if (references == texts) return;
  throw InvalidInput(fmt::format("{}: y_true has {} entries and y_pred {}; expected one of each for a pair.", name,
                                 references, texts));
}

// Counts the n-grams of one length. The keys refer to `words`.
Counts count_ngrams(const Words& words, std::size_t length) {
  Counts counts;
  for (std::size_t i = 0; i + length <= words.size(); ++i) ++counts[std::span(words).subspan(i, length)];
  return counts;
}

// Returns the lowercase words of a to z and digits, as the reference implementation of ROUGE does.
Words words_of(const std::string& text) {
  Words words(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    // Two letters beyond ASCII become ASCII letters in lower case: the Kelvin sign, and I with a dot.
    if (text.compare(i, 3, "\xE2\x84\xAA") == 0) {
      c = 'k';
      i += 2;
    } else if (text.compare(i, 2, "\xC4\xB0") == 0) {
      words.back() += 'i';
      ++i;
      c = ' ';
    }
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Returns the Levenshtein distance, computed row by row.
template <class Token>
std::int64_t distance_of(const std::vector<Token>& a, const std::vector<Token>& b) {
  std::vector<std::int64_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::int64_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::int64_t diagonal = std::exchange(row[0], static_cast<std::int64_t>(i) + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::int64_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, replaced});
    }
  }
  return row.back();
}

template <class Token>
std::vector<Token> without_padding(std::vector<Token> tokens) {
  std::erase(tokens, Token());
  return tokens;
}

}  // namespace

Bleu::Bleu(BleuOptions options) : Configured(std::move(options)) {
  if (config().max_order < 1) {
    throw InvalidArgument(
        fmt::format("{}: max_order is {}; expected a positive integer.", config().name, config().max_order));
  }
  reset_state();
}

void Bleu::reset_state() {
  matches_.assign(static_cast<std::size_t>(config().max_order), 0);
  possible_matches_ = matches_;
  translation_length_ = reference_length_ = 0;
}

Words Bleu::tokens_of(const std::string& text) const {
  return config().tokenizer.function ? config().tokenizer.function(text) : mteval_tokens(text);
}

void Bleu::update_state(const std::vector<Words>& y_true, const Words& y_pred) {
  check_equal_numbers(name(), y_true.size(), y_pred.size());
  for (std::size_t i = 0; i < y_true.size(); ++i) {
    if (!y_true[i].empty()) continue;
    throw InvalidInput(
        fmt::format("{}: y_true has no references at {}; expected one or more for each text.", name(), i));
  }
  for (std::size_t i = 0; i < y_pred.size(); ++i) {
    const Words text = tokens_of(y_pred[i]);
    std::vector<Words> references;
    for (const std::string& reference : y_true[i]) references.push_back(tokens_of(reference));
    const auto shortest = std::min_element(references.begin(), references.end(),
                                           [](const Words& a, const Words& b) { return a.size() < b.size(); });
    reference_length_ += static_cast<std::int64_t>(shortest->size());
    translation_length_ += static_cast<std::int64_t>(text.size());
    for (std::size_t order = 1; order <= matches_.size() && order <= text.size(); ++order) {
      possible_matches_[order - 1] += static_cast<std::int64_t>(text.size() - order + 1);
      Counts most;  // in any of the references
      for (const Words& reference : references) {
        for (const auto& [ngram, count] : count_ngrams(reference, order)) most[ngram] = std::max(most[ngram], count);
      }
      for (const auto& [ngram, count] : count_ngrams(text, order)) {
        if (const auto found = most.find(ngram); found != most.end()) {
          matches_[order - 1] += std::min(count, found->second);
        }
      }
    }
  }
}

double Bleu::result() const {
  double sum_of_logs = 0.0;
  const double added = config().smooth ? 1.0 : 0.0;
  if (translation_length_ == 0) return 0.0;
  for (std::size_t order = 0; order < matches_.size(); ++order) {
    const double matches = static_cast<double>(matches_[order]) + added;
    if (matches == 0.0) return 0.0;
    sum_of_logs += std::log(matches / (static_cast<double>(possible_matches_[order]) + added));
  }
  const double ratio = static_cast<double>(reference_length_) / static_cast<double>(translation_length_);
  return std::exp(sum_of_logs / static_cast<double>(matches_.size()) + std::min(0.0, 1.0 - ratio));
}

void Rouge::update_state(const Words& y_true, const Words& y_pred) {
  check_equal_numbers(class_name(), y_true.size(), y_pred.size());
  for (std::size_t i = 0; i < y_true.size(); ++i) {
    const RougeScores scores = score(words_of(y_true[i]), words_of(y_pred[i]));
    sums_.precision += scores.precision;
    sums_.recall += scores.recall;
    sums_.f1_score += scores.f1_score;
    ++samples_;
  }
}

RougeScores Rouge::result() const {
  if (samples_ == 0) return {};
  const auto n = static_cast<double>(samples_);
  return {sums_.precision / n, sums_.recall / n, sums_.f1_score / n};
}

void Rouge::reset_state() {
  sums_ = {};
  samples_ = 0;
}

RougeScores Rouge::scores_of(std::size_t common, std::size_t in_reference, std::size_t in_text) {
  if (common == 0) return {};
  const double precision = static_cast<double>(common) / static_cast<double>(in_text);
  const double recall = static_cast<double>(common) / static_cast<double>(in_reference);
  return {precision, recall, 2.0 * precision * recall / (precision + recall)};
}

RougeScores RougeL::score(const Words& reference, const Words& text) const {
  std::vector<std::size_t> row(text.size() + 1);  // longest common subsequences of prefixes
  for (const std::string& word : reference) {
    std::size_t diagonal = 0;
    for (std::size_t j = 0; j < text.size(); ++j) {
      const std::size_t extended = diagonal + 1;
      diagonal = row[j + 1];
      row[j + 1] = word == text[j] ? extended : std::max(row[j], row[j + 1]);
    }
  }
  return scores_of(row.back(), reference.size(), text.size());
}

RougeN::RougeN(RougeNOptions options) : Configured(std::move(options)) {
  if (config().order >= 1 && config().order <= 9) return;
  throw InvalidArgument(fmt::format("{}: order is {}; expected 1 to 9.", config().name, config().order));
}

RougeScores RougeN::score(const Words& reference, const Words& text) const {
  const auto length = static_cast<std::size_t>(config().order);
  const Counts in_reference = count_ngrams(reference, length), in_text = count_ngrams(text, length);
  std::int64_t common = 0;
  for (const auto& [ngram, count] : in_reference) {
    if (const auto found = in_text.find(ngram); found != in_text.end()) common += std::min(count, found->second);
  }
  const auto number = [length](const Words& words) { return words.size() < length ? 0 : words.size() - length + 1; };
  return scores_of(static_cast<std::size_t>(common), number(reference), number(text));
}

TokenLists::TokenLists(std::initializer_list<std::initializer_list<const char*>> lists) : are_strings_(true) {
  for (const std::initializer_list<const char*>& list : lists) strings_.emplace_back(list.begin(), list.end());
}

TokenLists::TokenLists(std::vector<std::vector<std::string>> lists) : are_strings_(true), strings_(std::move(lists)) {}

TokenLists::TokenLists(std::vector<std::vector<std::int64_t>> lists) : ids_(std::move(lists)) {}

void EditDistance::update_state(const TokenLists& y_true, const TokenLists& y_pred) {
  check_equal_numbers(name(), y_true.size(), y_pred.size());
  if (y_true.size() == 0) return;
  if (y_true.are_strings() != y_pred.are_strings()) {
    throw InvalidInput(fmt::format("{}: y_true has {} and y_pred {}; expected the same kind of tokens.", name(),
                                   y_true.are_strings() ? "strings" : "ids", y_pred.are_strings() ? "strings" : "ids"));
  }
  const auto add = [this](const auto& references, const auto& texts) {
    for (std::size_t i = 0; i < references.size(); ++i) {
      distance_ += distance_of(without_padding(references[i]), without_padding(texts[i]));
      divisor_ += config().normalize ? static_cast<std::int64_t>(references[i].size()) : 1;
    }
  };
  y_true.are_strings() ? add(y_true.strings(), y_pred.strings()) : add(y_true.ids(), y_pred.ids());
}

}  // namespace xeras::metrics
