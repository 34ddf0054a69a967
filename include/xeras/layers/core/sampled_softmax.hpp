#pragma once

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

struct XERAS_API SampledSoftmaxOptions {
  std::int64_t num_sampled = 256;  ///< classes that a training step compares with the labels, less than units
  bool use_bias = true;
  InitializerArgument kernel_initializer = "glorot_uniform";
  InitializerArgument bias_initializer = "zeros";
  std::optional<std::int64_t> seed = {};  ///< for the choice of classes
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SampledSoftmaxOptions, num_sampled, use_bias, kernel_initializer, bias_initializer, seed, name, trainable)

struct XERAS_API SampledSoftmaxConfig {
  std::int64_t units = 1;
  SampledSoftmaxOptions options = {};
};
XERAS_FIELDS(SampledSoftmaxConfig, units, options)

/// The probabilities of many classes, such as the words of a vocabulary: a last layer in place of Dense(units,
/// {.activation = "softmax"}). Predictions are exact. A training step compares the label of each row with num_sampled
/// classes that it draws for the batch, so that its time does not depend on units.
///
/// output = softmax(input . kernel^T + bias). In training, the loss of a row is the crossentropy of its label among the
/// drawn classes, with log E subtracted from each logit; E is how often the class is expected in a draw. Classes are
/// drawn with P(k) = log((k + 2) / (k + 1)) / log(units + 1), without repetition: number them by falling frequency, as
/// a Tokenizer and TextVectorization do.
///
/// Compile the model with "sparse_categorical_crossentropy". The loss of training is an estimate; evaluate computes the
/// exact one. Metrics are NaN in training, which makes no predictions; those of validation are exact.
///
/// Example Sequential model{Embedding(100000, 64), GlobalAveragePooling1D(), SampledSoftmax(100000)};
///         model.compile("adam", "sparse_categorical_crossentropy");
/// Input   (batch, ..., features)
/// Output  (batch, ..., units)
/// Mask    passed on
/// Weights kernel (units, features), bias (units)
/// Throws  InvalidArgument unless 0 < num_sampled < units; Error in training if it is not the last layer of the model,
///         or the loss is another
/// Source  Jean and others, arXiv 1412.2007; tf.nn.sampled_softmax_loss
class XERAS_API SampledSoftmax final : public LayerWith<SampledSoftmaxConfig> {
 public:
  SampledSoftmax(std::int64_t units, SampledSoftmaxOptions options = {})
      : SampledSoftmax(SampledSoftmaxConfig{units, std::move(options)}) {}
  explicit SampledSoftmax(SampledSoftmaxConfig config);

  Spec build(const Spec& input, Builder& builder) override;
  bool gives_loss() const override { return true; }
  void forward(const Call& call) const override;
  void backward(const BackwardCall& call) const override;

 private:
  void predict(const Call& call) const;
  void sample(const Call& call) const;

  Weight kernel_{};         // (units, features)
  Weight bias_{};           // (units)
  Buffer labels_{};         // (batch, ...), int32
  Buffer sampled_{};        // (num_sampled), int32
  Buffer probabilities_{};  // (batch, ..., 1 + num_sampled), the label's first
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(SampledSoftmax)
