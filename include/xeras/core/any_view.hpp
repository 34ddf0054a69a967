#pragma once

#include <string_view>

#include "xeras/core/view.hpp"

namespace xeras {

/// The element type of an array: an integer or float of any common width, or std::string_view.
enum class ElementKind : std::uint8_t { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, string };

/// A BasicView whose element type is known only at run time; layers pass these to each other. Floats are f32. Ids are
/// integers: of the user's width at the input of a model, i32 after that. Strings occur only at the input of a model.
struct AnyView {
  const void* data = nullptr;
  Extents extents;
  ElementKind kind = ElementKind::f32;

  AnyView() = default;
  AnyView(const void* values, const Extents& sizes, ElementKind of) : data(values), extents(sizes), kind(of) {}
  AnyView(const ConstView& floats) : data(floats.data), extents(floats.extents) {}
  AnyView(const View& floats) : data(floats.data), extents(floats.extents) {}

  /// The same array with its element type, which must be T.
  template <class T>
  BasicView<const T> as() const {
    return {static_cast<const T*>(data), extents};
  }
};

}  // namespace xeras
