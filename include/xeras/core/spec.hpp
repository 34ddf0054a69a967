#pragma once

#include "xeras/core/shape.hpp"

namespace xeras {

/// What kind of number a layer takes: ids (integers) go into an Embedding, everything else is float.
enum class DType { float32, int32 };

/// What is known of a tensor while a model is built. Shape inference, "ids only into an Embedding" and mask propagation
/// are all one idea: a Spec goes through every layer's build, before any data exists.
struct Spec {
  Shape shape;  ///< with the batch axis, usually None
  DType dtype = DType::float32;
  bool masked = false;  ///< a (batch, time) mask travels with it

  /// The last axis: a Dense's inputs, an Embedding's output_dim.
  Dim last() const { return shape.last(); }

  friend bool operator==(const Spec&, const Spec&) = default;
};

}  // namespace xeras
