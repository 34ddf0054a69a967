#pragma once

#include <cstddef>

namespace xeras::initializers {

// Makes the rows of v (count, length), count <= length, orthonormal with LAPACK: as columns, they become the Q of v's
// QR decomposition, with the signs that make R's diagonal positive.
void orthonormalize(float* v, std::size_t count, std::size_t length);

}  // namespace xeras::initializers
