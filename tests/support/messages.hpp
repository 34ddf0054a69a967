#pragma once

#include <string>

#include "catch.hpp"

// Returns the whole message of the exception that an expression throws, or the reason why there is none:
// CHECK(message_of<ShapeError>([&] { ... }) == "...").
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
