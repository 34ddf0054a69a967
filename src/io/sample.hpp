#pragma once

#include "xeras/models/sequential.hpp"

namespace xeras::io {

// The member of a .keras file with an input and the model's output for it, for comparison after loading. Keras ignores
// it.
inline const std::string& sample_member = *new std::string("xeras_sample.json");

Value make_sample(const Sequential& model, const Input& x);
// Throws FileError unless the model gives the same output, up to rounding; Error if the prediction takes much more
// memory than the file's `file_size` bytes.
void check_sample(const Sequential& model, const Value& sample, std::size_t file_size);

}  // namespace xeras::io
