#pragma once

#include "xeras/models/sequential.hpp"

namespace xeras::io {

// An input and the model's output for it, kept in a .keras file so that whoever loads it can compare. Keras does not
// look at this member.
inline const std::string& sample_member = *new std::string("xeras_sample.json");

Value make_sample(const Sequential& model, const Input& x);
// Throws FileError unless the model gives the same, to rounding; Error where that takes much more memory than the file,
// which has so many bytes.
void check_sample(const Sequential& model, const Value& sample, std::size_t file_size);

}  // namespace xeras::io
