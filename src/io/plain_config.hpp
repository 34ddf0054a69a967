#pragma once

#include <string>

#include "xeras/core/error.hpp"
#include "xeras/core/value.hpp"

// Configurations of Keras 3 on their way to objects, and the proof that nothing was lost on it.
namespace xeras::io {

bool is_input_layer(const Value& layer);

// A configuration of Keras in the library's words: what to_value of the object itself would give, perhaps with less.
Value plain(const Value& from, const std::string& path);

// Every key that was given must be one of the object that it made, with the same value; or the library lacks it, and it
// holds what means the same.
void check_taken(const Value& given, const Value& taken, const std::string& path);

// What reading calls to make an object, with the place in the file where that fails.
template <class Make>
auto at_place(const std::string& place, const Make& make) {
  try {
    return make();
  } catch (const FileError&) {
    throw;
  } catch (const Error& error) {
    throw FileError(place + ": " + error.what());
  }
}

}  // namespace xeras::io
