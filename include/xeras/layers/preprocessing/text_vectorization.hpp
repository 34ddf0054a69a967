#pragma once

#include "xeras/layers/call.hpp"
#include "xeras/layers/preprocessing/text_steps.hpp"
#include "xeras/layers/preprocessing/vocabulary_layer.hpp"
#include "xeras/text/array.hpp"

namespace xeras::text {
class WordMemory;
class WordReader;
}  // namespace xeras::text

namespace xeras::layers {

struct XERAS_API TextVectorizationOptions {
  std::optional<std::int64_t> max_tokens = {};  ///< the largest number of ids, with those of padding and unknown words
  Standardize standardize = "lower_and_strip_punctuation";
  Split split = "whitespace";
  NGrams ngrams = {};                                       ///< joins words: 2 gives single words and pairs
  std::string output_mode = "int";                          ///< or "multi_hot", "count", "tf_idf"
  std::optional<std::int64_t> output_sequence_length = {};  ///< cuts or pads; default: the longest text of a batch
  bool pad_to_max_tokens = false;                           ///< max_tokens columns, however many words there are
  StringVocabulary vocabulary = {};                         ///< words, or the path of a file; default: learnt by adapt
  IdfWeights idf_weights = {};                              ///< of the vocabulary, for "tf_idf"
  bool sparse = false;
  bool ragged = false;
  std::string encoding = "utf-8";
  std::optional<std::int64_t> vocabulary_size = {};  ///< the number of ids, from a file without the words
  Shape input_shape = {};                            ///< default: one text for each sample
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(TextVectorizationOptions, max_tokens, standardize, split, ngrams, output_mode, output_sequence_length,
             pad_to_max_tokens, vocabulary, idf_weights, sparse, ragged, encoding, vocabulary_size, input_shape, name,
             trainable)

/// Turns texts into ids: the first layer of a model that takes texts.
///
/// Each text is standardized and split into words, each of which becomes its place in the vocabulary. Id 0 is padding,
/// id 1 an unknown word. adapt learns the vocabulary: the most frequent words, and of equally frequent ones those that
/// are last in the order of their bytes. Standardizing and splitting treat bytes as TensorFlow does: lower case, spaces
/// and punctuation are those of ASCII.
///
/// In other modes, the output has a column for each id, beginning with 0 for unknown words: whether a word occurs
/// ("multi_hot"), how often ("count"), or that times a weight ("tf_idf"), ln(1 + texts / (1 + texts with the word)).
///
/// Example TextVectorization vectorize({.max_tokens = 20000, .output_sequence_length = 200});
///         vectorize.adapt(texts);
///         Sequential model{std::move(vectorize), Embedding(20000, 64, {.mask_zero = true}), GlobalAveragePooling1D(),
///                          Dense(1)};
///         model.predict({"a charming film", "dull, dull, dull"});
/// Input   strings (batch) or (batch, 1); with split = "none" also (batch, n), of n words each
/// Output  ids (batch, time), where time is output_sequence_length or that of the longest text of the batch, at least
/// 1;
///         floats (batch, columns) in other modes
/// Mask    none: an Embedding with mask_zero makes one
/// Throws  InvalidArgument for invalid options and vocabularies; Error without a vocabulary, and for one that changes
///         the columns of a built model; ShapeError for other inputs
/// Source  keras.layers.TextVectorization
class XERAS_API TextVectorization final : public VocabularyLayer<TextVectorizationOptions> {
 public:
  explicit TextVectorization(TextVectorizationOptions options = {});

  /// Returns the ids of texts, (texts, time), outside a model: for datasets of ids. Throws Error in other modes.
  text::Array<int> operator()(const Input& texts) const;
  /// Returns the word of each id; without the special ones, the words that adapt has learnt.
  using VocabularyLayer::get_vocabulary;
  using VocabularyLayer::vocabulary_size;
  /// Sets the words, or those of a file, with weights for "tf_idf".
  using VocabularyLayer::set_vocabulary;

  std::optional<Spec> first_input() const override;
  DType input_dtype(DType) const override { return DType::string; }
  bool sizes_depend_on_values() const override;
  Extents extents_for(const AnyView& input) const override;
  Spec build(const Spec& input, Builder& builder) override;
  void output_extents(const Extents& input, Extents& output) const override;
  void forward(const Call& call) const override;
  bool has_inner_lookup() const override { return true; }

 private:
  void count(const Input& texts, WordCounts& counts) const override;
  template <class Memory, class F>
  void each_word(std::string_view text, Memory& memory, const F& f) const;
  template <class F>
  void each_id(StringsView texts, std::size_t row, const IdFinder& finder, text::WordMemory& memory, const F& f) const;
  std::size_t count_words(std::string_view text) const;
  std::int64_t longest(StringsView texts) const;
  void write_ids(StringsView texts, std::size_t width, std::int32_t* ids) const;
  std::optional<std::int64_t> fixed_steps(const Spec& input) const;

  // A move copies it, since a model's layer that is moved from remains in use.
  struct Reader {
    explicit Reader(std::shared_ptr<const text::WordReader> given) : reader(std::move(given)) {}
    Reader(const Reader&) = default;
    Reader& operator=(const Reader&) = default;
    const text::WordReader* operator->() const { return reader.get(); }
    std::shared_ptr<const text::WordReader> reader;
  };
  Reader reader_;
};
extern template class VocabularyLayer<TextVectorizationOptions>;

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(TextVectorization)
