#pragma once

#include <concepts>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

// The first option of InputLayer, which makes the others named only, so that the 4 of InputLayer({4}) is a shape.
class XERAS_API OnlyByName {
 public:
  OnlyByName() = default;
};

struct InputLayerOptions {
  OnlyByName only_by_name = {};
  std::optional<std::int64_t> batch_size = {};  ///< if stateful layers follow, which need the batch
  std::string dtype = {};                       ///< "float32", "int32" or "string"
  Shape batch_shape = {};                       ///< instead of shape and batch_size
  std::string name = {};
};

/// The input shape of a Sequential, as its first element. As in Keras, it is not one of the model's layers(); files
/// store its name. If the first layer defines its input, too, such as an Embedding with input_length, the two must
/// agree.
///
/// Example Sequential model{InputLayer({4}), Dense(3)};
///         model.output_shape();  // (None, 3)
/// Throws  InvalidArgument if the shape is given twice or not at all, and for invalid options
/// Source  keras.layers.InputLayer, or keras.Input within a Sequential
class XERAS_API InputLayer final : public Layer {
 public:
  /// `shape` is the shape of one sample, without the batch.
  // This is a template because g++ also converts {.batch_shape = {32, 4}} to a Shape, and prefers that.
  template <std::same_as<Shape> S = Shape>
  explicit InputLayer(S shape, InputLayerOptions options = {}) : InputLayer(std::move(options), &shape) {}
  explicit InputLayer(InputLayerOptions options) : InputLayer(std::move(options), nullptr) {}

  const Shape& batch_shape() const { return batch_shape_; }
  /// Returns "float32", "int32" or "".
  const std::string& dtype() const { return dtype_; }

  Value get_config() const override;
  Spec build(const Spec& input, Builder& builder) override;
  void forward(const Call&) const override {}

 private:
  InputLayer(InputLayerOptions options, const Shape* shape);

  Shape batch_shape_;
  std::string dtype_;
};

}  // namespace xeras::layers
