#pragma once

#include <functional>
#include <vector>

#include "xeras/core/named.hpp"

namespace xeras::metrics {

// Metrics that compare texts. They take strings or tokens instead of arrays, so that they judge what a model generates,
// outside of compile.

/// A function that splits a text into tokens. Configurations omit it.
struct XERAS_API TokenFunction {
  using is_unwritten = void;
  TokenFunction() = default;
  template <std::invocable<const std::string&> F>
  TokenFunction(F split) : function(std::move(split)) {}

  std::function<std::vector<std::string>(const std::string&)> function;
};

struct BleuOptions {
  TokenFunction tokenizer = {};  ///< none: splits at punctuation, as mteval and WMT do
  std::int64_t max_order = 4;    ///< the longest n-grams
  bool smooth = false;           ///< adds 1 to all counts (Lin and Och, 2004)
  std::string name = "bleu";
};
XERAS_FIELDS(BleuOptions, tokenizer, max_order, smooth, name)

/// The BLEU score of translations: the geometric mean of the shares of their n-grams that occur in a reference, times a
/// penalty for translations that are shorter than the references; between 0 and 1. One score for all texts so far.
///
///   metrics::Bleu bleu;
///   bleu.update_state({{"He eats a sweet apple.", "He is eating a tasty apple."}}, {"He eats a tasty apple."});
///
/// The first argument has a list of references for each translation.
///
/// Throws  InvalidArgument for a max_order below 1; InvalidInput when a translation has no references
/// Source  keras_hub.metrics.Bleu
class XERAS_API Bleu final : public Configured<Configurable, BleuOptions> {
 public:
  explicit Bleu(BleuOptions options = {});
  const std::string& name() const { return config().name; }
  void update_state(const std::vector<std::vector<std::string>>& y_true, const std::vector<std::string>& y_pred);
  double result() const;
  void reset_state();

 private:
  std::vector<std::string> tokens_of(const std::string& text) const;

  // For each order:
  std::vector<std::int64_t> matches_;
  std::vector<std::int64_t> possible_matches_;
  std::int64_t translation_length_ = 0;
  std::int64_t reference_length_ = 0;
};
using BLEU = Bleu;

/// The three results of a Rouge metric.
struct RougeScores {
  double precision = 0.0;
  double recall = 0.0;
  double f1_score = 0.0;
};

/// The base class of RougeL and RougeN: means over all pairs of texts so far. Texts are compared in lower case, word by
/// word; only a to z and digits count.
class XERAS_API Rouge : public Configurable {
 public:
  void update_state(const std::vector<std::string>& y_true, const std::vector<std::string>& y_pred);
  /// Returns the means of the scores; 0 before the first text.
  RougeScores result() const;
  void reset_state();

 protected:
  using Words = std::vector<std::string>;
  virtual RougeScores score(const Words& reference, const Words& text) const = 0;
  static RougeScores scores_of(std::size_t common, std::size_t in_reference, std::size_t in_text);

 private:
  RougeScores sums_;
  std::int64_t samples_ = 0;
};

struct RougeLOptions {
  std::string name = "rouge-l";
};
XERAS_FIELDS(RougeLOptions, name)

/// The length of the longest common subsequence of words, as a share of the words of the text (precision) and of the
/// reference (recall).
///
///   metrics::RougeL rouge;
///   rouge.update_state({"the tiny little cat was found under the big funny bed"}, {"the cat was under the bed"});
///   rouge.result().f1_score;  // 0.706
///
/// Source  keras_hub.metrics.RougeL without a stemmer; Lin (2004)
class XERAS_API RougeL final : public Configured<Rouge, RougeLOptions> {
 public:
  using Configured::Configured;
  const std::string& name() const { return config().name; }

 protected:
  RougeScores score(const Words& reference, const Words& text) const override;
};

struct RougeNOptions {
  std::int64_t order = 2;  ///< the number of words of an n-gram, 1 to 9
  std::string name = "rouge-n";
};
XERAS_FIELDS(RougeNOptions, order, name)

/// The number of common n-grams of words, as a share of those of the text (precision) and of the reference (recall):
/// metrics::RougeN({.order = 1}).
///
/// Throws  InvalidArgument for an order outside of 1 to 9
/// Source  keras_hub.metrics.RougeN without a stemmer; Lin (2004)
class XERAS_API RougeN final : public Configured<Rouge, RougeNOptions> {
 public:
  explicit RougeN(RougeNOptions options = {});
  const std::string& name() const { return config().name; }

 protected:
  RougeScores score(const Words& reference, const Words& text) const override;
};

/// Lists of tokens, each a string or an id: {{"the", "cat"}, {"a", "dog"}} or {{4, 2}, {1}}.
class XERAS_API TokenLists {
 public:
  TokenLists(std::initializer_list<std::initializer_list<const char*>> lists);
  template <std::integral I>
  TokenLists(std::initializer_list<std::initializer_list<I>> lists) {
    for (const std::initializer_list<I>& list : lists) ids_.emplace_back(list.begin(), list.end());
  }
  TokenLists(std::vector<std::vector<std::string>> lists);
  TokenLists(std::vector<std::vector<std::int64_t>> lists);

  bool are_strings() const { return are_strings_; }
  const std::vector<std::vector<std::string>>& strings() const { return strings_; }
  const std::vector<std::vector<std::int64_t>>& ids() const { return ids_; }
  std::size_t size() const { return are_strings_ ? strings_.size() : ids_.size(); }

 private:
  bool are_strings_ = false;
  std::vector<std::vector<std::string>> strings_;
  std::vector<std::vector<std::int64_t>> ids_;
};

struct EditDistanceOptions {
  bool normalize = true;  ///< divides by the number of reference tokens; false: by the number of pairs
  std::string name = "edit_distance";
};
XERAS_FIELDS(EditDistanceOptions, normalize, name)

/// The number of tokens to insert, delete or replace in order to turn texts into their references, as a share of the
/// references' tokens: the word or character error rate. The tokens "" and 0 are padding: they add to the length of a
/// reference, but not to the distance.
///
///   metrics::EditDistance distance;
///   distance.update_state({{"the", "cat", "was", "found"}}, {{"the", "cat", "is", "found"}});  // result() is 0.25
///
/// Throws  InvalidInput when the numbers of lists differ, or one argument has strings and the other ids
/// Source  keras_hub.metrics.EditDistance
class XERAS_API EditDistance final : public Configured<Configurable, EditDistanceOptions> {
 public:
  using Configured::Configured;
  const std::string& name() const { return config().name; }
  void update_state(const TokenLists& y_true, const TokenLists& y_pred);
  double result() const { return divisor_ > 0 ? static_cast<double>(distance_) / static_cast<double>(divisor_) : 0.0; }
  void reset_state() { distance_ = divisor_ = 0; }

 private:
  std::int64_t distance_ = 0;
  std::int64_t divisor_ = 0;  // tokens of references, or pairs
};

}  // namespace xeras::metrics
