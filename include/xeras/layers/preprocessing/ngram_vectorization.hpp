#pragma once

#include "xeras/layers/call.hpp"
#include "xeras/layers/preprocessing/vocabulary_layer.hpp"
#include "xeras/text/array.hpp"

namespace xeras::text {
class WordMemory;
}  // namespace xeras::text

namespace xeras::layers {

struct XERAS_API NgramVectorizationOptions {
  std::int64_t word_ngrams = 1;      ///< joins up to so many consecutive words, at most 16
  std::int64_t min_n = 0;            ///< the shortest n-grams of characters
  std::int64_t max_n = 0;            ///< the longest ones; 0: none
  std::int64_t buckets = 2'000'000;  ///< the number of ids that n-grams share
  std::int64_t min_count = 1;        ///< adapt leaves out words that occur less often
  StringVocabulary vocabulary = {};  ///< words, or the path of a file; default: learnt by adapt
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(NgramVectorizationOptions, word_ngrams, min_n, max_n, buckets, min_count, vocabulary, name, trainable)

/// Turns texts into the ids of their words, of n-grams of words and of n-grams of characters, as fastText does: the
/// first layer of a bag of words that knows word order and spelling.
///
/// Words are what white space separates, in their own case. A word of the vocabulary has an id of its own, from 1, by
/// frequency. N-grams are not stored: their hash selects one of the buckets, whose ids follow. An unknown word has only
/// its n-grams. Id 0 is padding.
///
/// Example NgramVectorization vectorize({.word_ngrams = 2});
///         vectorize.adapt(texts);
///         const std::int64_t ids = vectorize.num_ids();
///         Sequential model{std::move(vectorize), Embedding(ids, 100, {.mask_zero = true}), GlobalAveragePooling1D(),
///                          Dense(2, {.activation = "softmax"})};
/// Input   strings (batch)
/// Output  ids (batch, time), where time suffices for the longest text of the batch
/// Mask    none: an Embedding with mask_zero makes one
/// Throws  InvalidArgument for invalid options and vocabularies; InvalidInput if no word occurs min_count times; Error
///         without a vocabulary; ShapeError for other inputs
/// Source  Joulin et al., arXiv 1607.01759; Bojanowski et al., arXiv 1607.04606; hashes of fastText 0.9.2
class XERAS_API NgramVectorization final : public VocabularyLayer<NgramVectorizationOptions> {
 public:
  explicit NgramVectorization(NgramVectorizationOptions options = {});

  /// Returns the ids of texts, (texts, time), outside a model: for datasets of ids. Unknown words take no place, so
  /// time may be less than in a model.
  text::Array<int> operator()(const Input& texts) const;
  /// Returns the word of each id, from 1.
  std::vector<std::string> get_vocabulary() const { return lookup_.words(false); }
  /// Returns the number of ids, with that of padding and those of the buckets: the input_dim of the Embedding.
  std::int64_t num_ids() const;

  std::optional<Spec> first_input() const override { return Spec{{None}, DType::string}; }
  DType input_dtype(DType) const override { return DType::string; }
  bool sizes_depend_on_values() const override { return true; }
  Extents extents_for(const AnyView& input) const override;
  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;

 private:
  bool uses_buckets() const { return config().word_ngrams > 1 || config().max_n > 0; }
  void count(const Input& texts, WordCounts& counts) const override;
  void take(WordCounts& counts) override;
  std::size_t most_ids(std::string_view text) const;
  std::int64_t longest(StringsView texts) const;
  template <class F>
  void each_id(std::string_view text, const IdFinder& finder, text::WordMemory& memory, const F& f) const;
};
extern template class VocabularyLayer<NgramVectorizationOptions>;

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(NgramVectorization)
