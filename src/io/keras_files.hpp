#pragma once

#include <functional>

#include "xeras/io/load.hpp"

namespace xeras::io {

// The Keras whose files ours are like.
inline constexpr const char* written_keras_version = "3.15.1";

// A .keras file. `note` becomes a member of metadata.json of its own, unless it is null.
void write_keras_file(const std::string& path, Sequential& model, const SaveOptions& options, const Value& note = {});

// The weights and the optimizer's state of such a file, and its note, for a model that is the same and compiled in the
// same way. Throws FileError, also where `check_note` throws; then the model is as before.
Value restore_from_keras_file(const std::string& path, Sequential& model,
                              const std::function<void(const Value& note)>& check_note);

}  // namespace xeras::io
