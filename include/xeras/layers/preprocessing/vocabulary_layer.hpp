#pragma once

#include "xeras/data/dataset.hpp"
#include "xeras/layers/builder.hpp"
#include "xeras/layers/preprocessing/index_lookup.hpp"

namespace xeras::layers {

/// A layer whose words are an argument, or learnt by adapt: what StringLookup, IntegerLookup, TextVectorization and
/// NgramVectorization share.
template <class Config>
class XERAS_API VocabularyLayer : public LayerWith<Config>, public HasVocabulary {
 public:
  using Words = decltype(Config::vocabulary);
  using Word = typename Words::Word;

  /// Learn the vocabulary, in several threads. The result does not depend on their number. Throw InvalidArgument if
  /// `.vocabulary` was given.
  void adapt(const Input& data);
  void adapt(const DatasetArgument& dataset, const AdaptOptions& options = {});

  Value get_config() const override;
  std::optional<std::string> vocabulary_file() const override;
  void set_vocabulary_file(std::string_view lines, const std::vector<float>& idf_weights) override;
  std::vector<float> idf_of_columns() const override { return lookup_.idf_of_columns(); }
  void set_idf_of_columns(std::vector<float> weights) override { lookup_.set_idf(std::move(weights)); }
  bool has_words() const override { return lookup_.has_vocabulary(); }

 protected:
  using LayerWith<Config>::LayerWith;
  /// Sets the form of ids, and the words if they are an argument. Constructors call it.
  void set_lookup(IndexLookup lookup);

  // Classes make public those of these that they offer.
  std::vector<Word> get_vocabulary(bool include_special_tokens = true) const;
  std::int64_t vocabulary_size() const { return lookup_.vocabulary_size(); }
  void set_vocabulary(const Words& words, const IdfWeights& idf_weights = {});
  std::vector<Word> words_of(std::span<const int> ids) const;

  IndexLookup lookup_;

 private:
  // Counts the words of data. Throws InvalidInput for data of another kind.
  virtual void count(const Input& data, WordCounts& counts) const = 0;
  // Sets the words that adapt has counted.
  virtual void take(WordCounts& counts);
  // Returns the number of columns that a model relies on.
  std::optional<std::int64_t> fixed_width() const;
};

}  // namespace xeras::layers
