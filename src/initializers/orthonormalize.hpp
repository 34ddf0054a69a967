#pragma once

#include <cstddef>

namespace xeras::initializers {

// v (count, length), count <= length: makes the rows orthonormal. As columns, that is the Q of v's QR decomposition
// with the signs that give R a positive diagonal, by LAPACK.
void orthonormalize(float* v, std::size_t count, std::size_t length);

}  // namespace xeras::initializers
