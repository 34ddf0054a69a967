#pragma once

#include <string>

#include "catch.hpp"

// The whole message of what an expression throws, or why there is none: CHECK(message_of<ShapeError>([&] { ... }) ==
// "...").
template <class Exception, class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const Exception& exception) {
    return exception.what();
  } catch (const std::exception& exception) {
    return std::string("another exception: ") + exception.what();
  }
  return "nothing was thrown";
}
