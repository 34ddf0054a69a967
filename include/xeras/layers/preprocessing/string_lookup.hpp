#pragma once

#include "xeras/layers/preprocessing/vocabulary_layer.hpp"

namespace xeras::layers {

struct XERAS_API StringLookupOptions {
  std::optional<std::int64_t> max_tokens =
      {};                            ///< the largest number of ids, with those of the mask and of unknown words
  std::int64_t num_oov_indices = 1;  ///< ids of unknown words, which share them by a hash; 0: an unknown word raises
  std::optional<std::string> mask_token = {};      ///< id 0, or no column; default: none
  std::optional<std::string> oov_token = "[UNK]";  ///< the word of unknown ids
  StringVocabulary vocabulary = {};                ///< the words, or the path of a file; default: learnt by adapt
  IdfWeights idf_weights = {};                     ///< of the vocabulary, for "tf_idf"
  bool invert = false;                             ///< true raises: a model gives numbers. See words_of
  std::string output_mode = "int";                 ///< or "one_hot", "multi_hot", "count", "tf_idf"
  bool pad_to_max_tokens = false;                  ///< max_tokens columns, however many words there are
  bool sparse = false;
  std::string encoding = "utf-8";
  Salt salt = {};                                    ///< a key for the hash, which is then SipHash
  std::optional<std::int64_t> vocabulary_size = {};  ///< the number of ids, from a file without the words
  Shape input_shape = {};                            ///< of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(StringLookupOptions, max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, idf_weights, invert,
             output_mode, pad_to_max_tokens, sparse, encoding, salt, vocabulary_size, input_shape, name, trainable)

/// Turns strings into ids: their places in a vocabulary, which is given or learnt by adapt.
///
/// The first ids are those of the mask_token (in the mode "int") and of unknown strings. adapt takes the most frequent
/// strings, and of equally frequent ones the larger first. In other modes, the output has a column for each id but that
/// of the mask: for each element ("one_hot"), or for the elements of a sample together: whether one occurs
/// ("multi_hot"), how often ("count"), or that times a weight ("tf_idf"), ln(1 + samples / (1 + samples with it)).
///
/// Example StringLookup lookup({.vocabulary = {"a", "b", "c", "d"}});
///         Sequential model{lookup, Embedding(5, 8)};
///         model.predict({{"a", "c", "d"}, {"d", "z", "b"}});  // ids {{1, 3, 4}, {4, 0, 2}}
/// Input   strings (batch, ...)
/// Output  ids of the same shape; floats (batch, ..., columns) in other modes, in place of the last axis, or behind it
/// in
///         the mode "one_hot" unless its size is 1
/// Mask    none
/// Throws  InvalidArgument for invalid options and vocabularies; Error without a vocabulary, and for one that changes
///         the columns of a built model; InvalidInput for unknown strings if num_oov_indices is 0
/// Source  keras.layers.StringLookup
class XERAS_API StringLookup final : public VocabularyLayer<StringLookupOptions> {
 public:
  explicit StringLookup(StringLookupOptions options = {});

  /// Returns the strings by id.
  using VocabularyLayer::get_vocabulary;
  using VocabularyLayer::vocabulary_size;
  /// Sets the strings, or those of a file, with weights for "tf_idf".
  using VocabularyLayer::set_vocabulary;
  /// Returns the strings of ids, as Keras's layer does with invert = true: the oov_token for unknown ids.
  using VocabularyLayer::words_of;

  std::optional<Spec> first_input() const override;
  DType input_dtype(DType) const override { return DType::string; }
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;

 private:
  void count(const Input& data, WordCounts& counts) const override;
};
extern template class VocabularyLayer<StringLookupOptions>;

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(StringLookup)
