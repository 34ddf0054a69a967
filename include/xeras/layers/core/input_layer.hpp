#pragma once

#include <concepts>

#include "xeras/layers/builder.hpp"

namespace xeras::layers {

// Options by name only, so that the 4 of InputLayer({4}) is a shape.
class XERAS_API OnlyByName {
 public:
  OnlyByName() = default;
};

struct InputLayerOptions {
  OnlyByName only_by_name = {};
  std::optional<std::int64_t> batch_size = {};  ///< where stateful layers follow: they need the batch
  std::string dtype = {};                       ///< "float32" or "int32", for files; an Embedding takes ids anyway
  Shape batch_shape = {};                       ///< in place of shape and batch_size
  std::string name = {};
};

/// Says what goes into a Sequential, as its first element: Sequential{InputLayer({4}), Dense(3)}. It is none of the
/// model's layers(), as in Keras; its name is kept in files.
///
/// The two must agree where the first layer knows its input as well, as an Embedding with input_length.
/// Throws  InvalidArgument for a shape that is given twice or not at all, and for options that cannot be
/// Source  keras.layers.InputLayer, or keras.Input within a Sequential
class XERAS_API InputLayer final : public Layer {
 public:
  /// `shape` is that of one sample, without the batch.
  // A template, since g++ takes {.batch_shape = {32, 4}} for a Shape, too, and then prefers the other one.
  template <std::same_as<Shape> S = Shape>
  explicit InputLayer(S shape, InputLayerOptions options = {}) : InputLayer(std::move(options), &shape) {}
  explicit InputLayer(InputLayerOptions options) : InputLayer(std::move(options), nullptr) {}

  /// With the batch in front.
  const Shape& batch_shape() const { return batch_shape_; }
  /// "float32", "int32", or nothing.
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
