#pragma once

#include <cstddef>

namespace xeras::initializers {

// v (count, length), count <= length: makes the rows orthonormal, one after the other. As columns, that is the Q of
// v's QR decomposition with the signs that give R a positive diagonal.
void orthonormalize(float* v, std::size_t count, std::size_t length);

}  // namespace xeras::initializers
