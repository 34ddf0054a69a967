#pragma once

#include "xeras/core/shape.hpp"

namespace xeras {

/// What a layer takes or gives: numbers, ids (integers of any width) or texts.
enum class DType { float32, int32, string };

/// The name in messages: "floats", "ids" or "strings".
XERAS_API const char* plural_of(DType dtype);

/// What is known of an array while a model is built. Shape inference, the check that only an Embedding gets ids, and
/// the way of a mask are one mechanism: a Spec goes through every layer's build, before any data exists.
struct Spec {
  Shape shape;  ///< with the batch axis, usually None
  DType dtype = DType::float32;
  bool masked = false;  ///< a (batch, time) mask travels with it

  /// The last axis: a Dense's inputs, an Embedding's output_dim.
  Dim last() const { return shape.last(); }

  friend bool operator==(const Spec&, const Spec&) = default;
};

}  // namespace xeras
