#pragma once

#include <string>

#include "xeras/core/error.hpp"
#include "xeras/core/value.hpp"

// Conversion of Keras 3 configurations to the library's form, and the check that nothing is lost in it.
namespace xeras::io {

bool is_input_layer(const Value& layer);

// Converts a Keras configuration to the library's form: the to_value of the object itself, possibly with fewer keys.
Value plain(const Value& from, const std::string& path);

// Throws FileError unless each given key is a key of the resulting object with the same value, or one that the library
// lacks, with a value that is equivalent to its absence.
void check_taken(const Value& given, const Value& taken, const std::string& path);

// Calls `make` to make an object; adds the place in the file to its exceptions.
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
