#pragma once

#include "xeras/layers/builder.hpp"
#include "xeras/layers/preprocessing/index_lookup.hpp"

namespace xeras::layers {

struct XERAS_API CategoryEncodingOptions {
  std::string output_mode = "multi_hot";  ///< or "one_hot", "count"
  bool sparse = false;
  Shape input_shape = {};  ///< of one sample, for a model's first layer
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(CategoryEncodingOptions, output_mode, sparse, input_shape, name, trainable)

struct XERAS_API CategoryEncodingConfig {
  std::int64_t num_tokens = 1;
  CategoryEncodingOptions options = {};
};
XERAS_FIELDS(CategoryEncodingConfig, num_tokens, options)

/// Turns ids into columns: one for each id below num_tokens.
///
/// In the modes "multi_hot" and "count", the ids of a sample share a row, which tells what ids occur, or how often. In
/// the mode "one_hot", each id has its own row.
///
/// Example Sequential model{CategoryEncoding(4, {.input_shape = {2}}), Dense(1)};
///         model.predict({{0, 1}, {3, 3}});  // columns {{1, 1, 0, 0}, {0, 0, 0, 1}}
/// Input   ids (batch, n), 0 <= id < num_tokens
/// Output  (batch, num_tokens); in the mode "one_hot" (batch, n, num_tokens) unless n is 1
/// Mask    none
/// Throws  InvalidArgument for invalid options; InvalidInput if an id is out of range (the message has its row)
/// Source  keras.layers.CategoryEncoding, without count_weights
class XERAS_API CategoryEncoding final : public LayerWith<CategoryEncodingConfig> {
 public:
  explicit CategoryEncoding(std::int64_t num_tokens, CategoryEncodingOptions options = {})
      : CategoryEncoding(CategoryEncodingConfig{num_tokens, std::move(options)}) {}
  explicit CategoryEncoding(CategoryEncodingConfig config);

  DType input_dtype(DType) const override { return DType::int32; }
  std::optional<Spec> first_input() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call& call) const override;

 private:
  IdMode mode_;
};

}  // namespace xeras::layers

XERAS_DECLARE_LAYER(CategoryEncoding)
