#pragma once

#include <cstddef>

namespace xeras::kernels {

// simd().add_rows in several threads where that pays: x (rows, cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols);

}  // namespace xeras::kernels
