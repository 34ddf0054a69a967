#include "kernels/rows.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {

// x (rows, cols), sum (cols).
void add_rows(const float* x, float* sum, std::size_t rows, std::size_t cols) {
  constexpr std::size_t width = 128;  // columns of a part, at least: fewer at once make memory slow
  parallel_for((cols + width - 1) / width, rows * width, [&](std::size_t begin, std::size_t end) {
    const std::size_t c = begin * width;
    simd().add_rows_apart(x + c, cols, sum + c, rows, std::min(end * width, cols) - c);
  });
}

void gather_rows(const float* x, const std::int32_t* places, float* y, std::size_t n, std::size_t cols) {
  parallel_for(n, cols, [&](std::size_t begin, std::size_t end) {
    simd().gather(x, places + begin, y + begin * cols, end - begin, cols);
  });
}

void scatter_rows(const float* y, const std::int32_t* places, float* x, std::size_t n, std::size_t cols) {
  parallel_for(n, cols, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::copy_n(y + i * cols, cols, x + static_cast<std::size_t>(places[i]) * cols);
    }
  });
}

}  // namespace xeras::kernels
