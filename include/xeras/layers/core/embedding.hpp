#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

/// The initial table of an Embedding.
struct StartTable : std::optional<Tensor> {
  using is_unwritten = void;
  using std::optional<Tensor>::optional;
};

struct EmbeddingOptions {
  InitializerArgument embeddings_initializer = "uniform";
  RegularizerArgument embeddings_regularizer = {};
  RegularizerArgument activity_regularizer = {};
  ConstraintArgument embeddings_constraint = {};
  StartTable weights = {};                        ///< (input_dim, output_dim), instead of the initializer
  bool mask_zero = false;                         ///< id 0 is padding, whose steps are masked
  std::optional<std::int64_t> input_length = {};  ///< the length of every sequence; needed by Flatten -> Dense
  double dropout = 0.0;                           ///< the rate at which whole words are dropped, in [0, 1)
  std::optional<std::int64_t> seed = {};          ///< for the dropout
  Shape batch_input_shape = {};                   ///< (batch, time), if stateful layers follow, which need the batch
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(EmbeddingOptions, embeddings_initializer, embeddings_regularizer, activity_regularizer,
             embeddings_constraint, weights, mask_zero, input_length, dropout, seed, batch_input_shape, name, trainable)

struct XERAS_API EmbeddingConfig {
  std::int64_t input_dim = 1;
  std::int64_t output_dim = 0;
  EmbeddingOptions options = {};
};
XERAS_FIELDS(EmbeddingConfig, input_dim, output_dim, options)

/// A table of vectors, one per id: the first layer of a text model.
///
/// output(b, t, :) = embeddings(id(b, t), :). In training, dropout sets each word to 0 or scales it by 1 / (1 -
/// dropout), in the same way at all its positions in the batch. Example Sequential model{Embedding(10000, 64,
/// {.mask_zero = true, .input_length = 100}), LSTM(32), Dense(1)};
///         model.get_layer(0).output_shape();  // (None, 100, 64)
/// Input   ids (batch, time), 0 <= id < input_dim
/// Output  (batch, time, output_dim)
/// Mask    made if mask_zero is set: step t is masked where id == 0; row 0 is still looked up and trained
/// Throws  InvalidArgument for invalid sizes and for weights of another shape; ShapeError if the input is not ids;
///         InvalidInput if an id is out of range (the message has the row, step and id)
/// Source  keras.layers.Embedding; word dropout: Gal & Ghahramani, arXiv 1512.05287
class XERAS_API Embedding final : public LayerWith<EmbeddingConfig> {
 public:
  Embedding(std::int64_t input_dim, std::int64_t output_dim, EmbeddingOptions options = {})
      : Embedding(EmbeddingConfig{input_dim, output_dim, std::move(options)}) {}
  explicit Embedding(EmbeddingConfig config);

  std::optional<Spec> first_input() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  friend class EmbeddingMean;  // fuses the layer with a GlobalAveragePooling1D after it

  void check_ids(const Call& call, std::int32_t* ids) const;

  InitializerArgument start_;  // of the table; unused once it is built
  Weight embeddings_{};        // (input_dim, output_dim)
  Buffer ids_{};               // (batch, time), int32
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(Embedding)
