#pragma once

#include "xeras/core/input.hpp"

namespace xeras {

[[noreturn]] void throw_texts();

// Calls f(pointer) with the data as a pointer of its own type. All code that turns an ElementKind into a C++ type uses
// this function. Throws InvalidInput for texts.
template <class F>
decltype(auto) visit_data(ElementKind kind, const void* data, F&& f) {
  switch (kind) {
    case Input::Kind::i8:
      return f(static_cast<const std::int8_t*>(data));
    case Input::Kind::u8:
      return f(static_cast<const std::uint8_t*>(data));
    case Input::Kind::i16:
      return f(static_cast<const std::int16_t*>(data));
    case Input::Kind::u16:
      return f(static_cast<const std::uint16_t*>(data));
    case Input::Kind::i32:
      return f(static_cast<const std::int32_t*>(data));
    case Input::Kind::u32:
      return f(static_cast<const std::uint32_t*>(data));
    case Input::Kind::i64:
      return f(static_cast<const std::int64_t*>(data));
    case Input::Kind::u64:
      return f(static_cast<const std::uint64_t*>(data));
    case Input::Kind::f64:
      return f(static_cast<const double*>(data));
    case Input::Kind::string:
      throw_texts();
    case Input::Kind::f32:
      break;
  }
  return f(static_cast<const float*>(data));
}

template <class F>
decltype(auto) visit_data(const Input& input, F&& f) {
  return visit_data(input.kind(), input.data(), f);
}

}  // namespace xeras
