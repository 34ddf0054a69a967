#pragma once

#include <cstddef>
#include <cstdint>

// What goes over the rows of a matrix, in several threads where that pays.
namespace xeras::kernels {

// simd().add_rows: x (rows, cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols);

// simd().gather: y(i, :) = x(places(i), :) for i < n; y (n, cols).
void gather_rows(const float* x, const std::int32_t* places, float* y, std::size_t n, std::size_t cols);
// x(places(i), :) = y(i, :) for i < n; places differ.
void scatter_rows(const float* y, const std::int32_t* places, float* x, std::size_t n, std::size_t cols);

}  // namespace xeras::kernels
