#pragma once

#include "xeras/layers/preprocessing/vocabulary_layer.hpp"

namespace xeras::layers {

struct XERAS_API IntegerLookupOptions {
  std::optional<std::int64_t> max_tokens =
      {};                            ///< the largest number of ids, with those of the mask and of unknown words
  std::int64_t num_oov_indices = 1;  ///< ids of unknown words, which share them by a hash; 0: an unknown word raises
  std::optional<std::int64_t> mask_token = {};  ///< id 0, or no column; default: none
  std::optional<std::int64_t> oov_token = -1;   ///< the word of unknown ids
  IntegerVocabulary vocabulary = {};            ///< the words, or the path of a file; default: learnt by adapt
  std::string vocabulary_dtype = "int64";
  IdfWeights idf_weights = {};      ///< of the vocabulary, for "tf_idf"
  bool invert = false;              ///< true raises: a model gives numbers. See words_of
  std::string output_mode = "int";  ///< or "one_hot", "multi_hot", "count", "tf_idf"
  bool sparse = false;
  bool pad_to_max_tokens = false;                    ///< max_tokens columns, however many words there are
  std::string oov_method = "floormod";               ///< or "farmhash": how unknown integers share their ids
  Salt salt = {};                                    ///< a key for the hash, which is then SipHash
  std::optional<std::int64_t> vocabulary_size = {};  ///< the number of ids, from a file without the words
  Shape input_shape = {};                            ///< of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(IntegerLookupOptions, max_tokens, num_oov_indices, mask_token, oov_token, vocabulary, vocabulary_dtype,
             idf_weights, invert, output_mode, sparse, pad_to_max_tokens, oov_method, salt, vocabulary_size,
             input_shape, name, trainable)

/// Turns integers into ids: their places in a vocabulary, which is given or learnt by adapt.
///
/// The first ids are those of the mask_token (in the mode "int") and of unknown integers. adapt takes the most frequent
/// integers, and of equally frequent ones the larger first. In other modes, the output has a column for each id but
/// that of the mask: for each element ("one_hot"), or for the elements of a sample together: whether one occurs
/// ("multi_hot"), how often ("count"), or that times a weight ("tf_idf"), ln(1 + samples / (1 + samples with it)).
///
/// Example IntegerLookup lookup({.vocabulary = {12, 36, 1138, 42}});
///         Sequential model{lookup, Embedding(5, 8)};
///         model.predict({{12, 1138, 42}, {42, 1000, 36}});  // ids {{1, 3, 4}, {4, 0, 2}}
/// Input   integers of any width (batch, ...)
/// Output  ids of the same shape; floats (batch, ..., columns) in other modes, in place of the last axis, or behind it
/// in
///         the mode "one_hot" unless its size is 1
/// Mask    none
/// Throws  InvalidArgument for invalid options and vocabularies; Error without a vocabulary, and for one that changes
///         the columns of a built model; InvalidInput for unknown integers if num_oov_indices is 0
/// Source  keras.layers.IntegerLookup
class XERAS_API IntegerLookup final : public VocabularyLayer<IntegerLookupOptions> {
 public:
  explicit IntegerLookup(IntegerLookupOptions options = {});

  /// Returns the integers by id.
  using VocabularyLayer::get_vocabulary;
  using VocabularyLayer::vocabulary_size;
  /// Sets the integers, or those of a file, with weights for "tf_idf".
  using VocabularyLayer::set_vocabulary;
  /// Returns the integers of ids, as Keras's layer does with invert = true: the oov_token for unknown ids.
  using VocabularyLayer::words_of;

  std::optional<Spec> first_input() const override;
  DType input_dtype(DType) const override { return DType::int32; }
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;

 private:
  void count(const Input& data, WordCounts& counts) const override;
};
extern template class VocabularyLayer<IntegerLookupOptions>;

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(IntegerLookup)
