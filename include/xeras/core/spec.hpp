#pragma once

#include "xeras/core/shape.hpp"

namespace xeras {

/// The data type of a layer's input or output: floats, ids (integers of any width) or texts.
enum class DType { float32, int32, string };

/// Returns the name for messages: "floats", "ids" or "strings".
XERAS_API const char* plural_of(DType dtype);

/// Describes an array while a model is built, before any data exists. A Spec passes through the build of every layer;
/// it carries the inferred shape, the check that only an Embedding gets ids, and the mask.
struct Spec {
  Shape shape;  ///< with the batch axis, usually None
  DType dtype = DType::float32;
  bool masked = false;  ///< true when a (batch, time) mask accompanies the array

  /// The last axis: the inputs of a Dense, the output_dim of an Embedding.
  Dim last() const { return shape.last(); }

  friend bool operator==(const Spec&, const Spec&) = default;
};

}  // namespace xeras
