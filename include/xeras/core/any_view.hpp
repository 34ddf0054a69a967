#pragma once

#include <string_view>

#include "xeras/core/view.hpp"

namespace xeras {

/// The type of the elements of an array: integers and floats of any common width, or std::string_view.
enum class ElementKind : std::uint8_t { i8, u8, i16, u16, i32, u32, i64, u64, f32, f64, string };

/// A BasicView whose element type is known at run time: what goes from layer to layer. Floats are f32; ids are
/// integers, of the user's width at the input of a model and i32 behind that; strings come at the input of a model
/// only.
struct AnyView {
  const void* data = nullptr;
  Extents extents;
  ElementKind kind = ElementKind::f32;

  AnyView() = default;
  AnyView(const void* values, const Extents& sizes, ElementKind of) : data(values), extents(sizes), kind(of) {}
  AnyView(const ConstView& floats) : data(floats.data), extents(floats.extents) {}
  AnyView(const View& floats) : data(floats.data), extents(floats.extents) {}

  /// The elements, which must be of this type.
  template <class T>
  BasicView<const T> as() const {
    return {static_cast<const T*>(data), extents};
  }
};

}  // namespace xeras
