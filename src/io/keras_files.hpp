#pragma once

#include <functional>

#include "xeras/io/load.hpp"

namespace xeras::io {

// The Keras release whose format the library writes.
inline constexpr const char* written_keras_version = "3.15.1";

// The member of metadata.json with the user's own facts; Keras ignores it.
inline constexpr const char* metadata_member = "xeras_metadata";

// Writes a .keras file. `note` becomes a separate member of metadata.json unless it is null.
void write_keras_file(const std::string& path, Sequential& model, const SaveOptions& options, const Value& note = {});

// Reads the weights and the optimizer's state of such a file into an equal model that is compiled in the same way;
// returns the file's note. Throws FileError, also when `check_note` throws; the model is then unchanged.
Value restore_from_keras_file(const std::string& path, Sequential& model,
                              const std::function<void(const Value& note)>& check_note);

}  // namespace xeras::io
