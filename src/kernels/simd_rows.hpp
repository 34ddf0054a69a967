// The kernels of simd.hpp's table that process the rows of a matrix column by column. Included by simd_impl.hpp only.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// Calls f(c) for every whole vector of columns and g(c, part) for the rest.
template <class F, class G>
XERAS_INLINE void each_column(std::size_t cols, F f, G g) {
  std::size_t c = 0;
  for (; c + W <= cols; c += W) f(c);
  if (c < cols) g(c, first(cols - c));
}

// Loads and stores vectors of step numbers.
XERAS_INLINE I load(const std::int32_t* p) {
  I v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
XERAS_INLINE I load(const std::int32_t* p, const Part& part) {
  return (I)load(reinterpret_cast<const float*>(p), part);
}
XERAS_INLINE void store(std::int32_t* p, I v) { __builtin_memcpy(p, &v, sizeof v); }
XERAS_INLINE void store(std::int32_t* p, I v, const Part& part) { store(reinterpret_cast<float*>(p), (V)v, part); }

// Keeps the larger of y and x, with its step: NaN counts as larger than every number, and the first of equals stays. A
// winner of -1 means no step yet.
XERAS_INLINE void keep_larger(V x, std::int32_t step, V& y, I& winner) {
  const I larger = (~(x <= y) & (y == y)) | (winner < 0);
  y = larger ? x : y;
  winner = larger ? step - I{} : winner;
}

// x (rows, cols), y (cols), winner (cols).
void max_rows(const float* x, std::size_t rows, std::size_t cols, std::int32_t step, float* y, std::int32_t* winner) {
  constexpr std::size_t N = 4;  // vectors at a time, so that comparisons do not wait for each other
  std::size_t done = 0;
  for (; done + N * W <= cols; done += N * W) {
    V largest[N];
    I steps[N];
    for (std::size_t i = 0; i < N; ++i) {
      largest[i] = load(y + done + i * W);
      steps[i] = load(winner + done + i * W);
    }
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t i = 0; i < N; ++i) {
        keep_larger(load(x + r * cols + done + i * W), step + static_cast<std::int32_t>(r), largest[i], steps[i]);
      }
    }
    for (std::size_t i = 0; i < N; ++i) {
      store(y + done + i * W, largest[i]);
      store(winner + done + i * W, steps[i]);
    }
  }
  y += done;
  winner += done;
  each_column(
      cols - done,
      [=](std::size_t c) XERAS_LAMBDA {
        V largest = load(y + c);
        I steps = load(winner + c);
        for (std::size_t r = 0; r < rows; ++r) {
          keep_larger(load(x + r * cols + done + c), step + static_cast<std::int32_t>(r), largest, steps);
        }
        store(y + c, largest);
        store(winner + c, steps);
      },
      [=](std::size_t c, const Part& part) XERAS_LAMBDA {
        V largest = load(y + c, part);
        I steps = load(winner + c, part);
        for (std::size_t r = 0; r < rows; ++r) {
          keep_larger(load(x + r * cols + done + c, part), step + static_cast<std::int32_t>(r), largest, steps);
        }
        store(y + c, largest, part);
        store(winner + c, steps, part);
      });
}

// x, dx (rows, cols), y, dy (cols).
void max_rows_grad(const float* x, std::size_t rows, std::size_t cols, const float* y, const float* dy, float* dx) {
  // Takes from `left` the dy that goes to row x: in each lane, all of it at the first hit (a number equal to y, or
  // NaN), and nothing after that. The last row takes the rest.
  const auto part_of = [=](V xr, V largest, V& left, bool last) XERAS_LAMBDA {
    const I hit = (xr == largest) | (xr != xr) | (last ? ~I{} : I{});
    const V taken = hit ? left : V{};
    left = hit ? V{} : left;
    return taken;
  };
  each_column(
      cols,
      [=](std::size_t c) XERAS_LAMBDA {
        V left = load(dy + c);
        for (std::size_t r = 0; r < rows; ++r) {
          const V taken = part_of(load(x + r * cols + c), load(y + c), left, r + 1 == rows);
          store(dx + r * cols + c, load(dx + r * cols + c) + taken);
        }
      },
      [=](std::size_t c, const Part& part) XERAS_LAMBDA {
        V left = load(dy + c, part);
        for (std::size_t r = 0; r < rows; ++r) {
          const V taken = part_of(load(x + r * cols + c, part), load(y + c, part), left, r + 1 == rows);
          store(dx + r * cols + c, load(dx + r * cols + c, part) + taken, part);
        }
      });
}

// table (V, D), ids (n), y (D).
void gather_add(const float* table, std::size_t ldt, const std::int32_t* ids, float* y, std::size_t n, std::size_t D) {
  const auto row = [=](std::size_t i) XERAS_LAMBDA { return table + static_cast<std::size_t>(ids[i]) * ldt; };
  constexpr std::size_t N = 4;  // vectors at a time, so that sums do not wait for each other
  std::size_t done = 0;
  for (; done + N * W <= D; done += N * W) {
    V sums[N];
    for (std::size_t j = 0; j < N; ++j) sums[j] = load(y + done + j * W);
    for (std::size_t i = 0; i < n; ++i) {
      const float* from = row(i) + done;
      for (std::size_t j = 0; j < N; ++j) sums[j] += load(from + j * W);
    }
    for (std::size_t j = 0; j < N; ++j) store(y + done + j * W, sums[j]);
  }
  each_column(
      D - done,
      [=](std::size_t c) XERAS_LAMBDA {
        V sum = load(y + done + c);
        for (std::size_t i = 0; i < n; ++i) sum += load(row(i) + done + c);
        store(y + done + c, sum);
      },
      [=](std::size_t c, const Part& part) XERAS_LAMBDA {
        V sum = load(y + done + c, part);
        for (std::size_t i = 0; i < n; ++i) sum += load(row(i) + done + c, part);
        store(y + done + c, sum, part);
      });
}

// The rows to add at a time: few enough that memory is read in order.
constexpr std::size_t rows_at_once = 8;

// x (rows, cols), sum (cols).
void add_rows(const float* x, std::size_t ldx, float* sum, std::size_t rows, std::size_t cols) {
  while (rows > 0) {
    const std::size_t some = rows < rows_at_once ? rows : rows_at_once;
    each_column(
        cols,
        [=](std::size_t c) XERAS_LAMBDA {
          V s = load(sum + c);
          for (std::size_t r = 0; r < some; ++r) s += load(x + r * ldx + c);
          store(sum + c, s);
        },
        [=](std::size_t c, const Part& part) XERAS_LAMBDA {
          V s = load(sum + c, part);
          for (std::size_t r = 0; r < some; ++r) s += load(x + r * ldx + c, part);
          store(sum + c, s, part);
        });
    rows -= some;
    x += some * ldx;
  }
}

// x, y (rows, cols), w (cols).
void multiply_rows(const float* x, std::size_t ldx, const float* w, float* y, std::size_t ldy, std::size_t rows,
                   std::size_t cols) {
  each_column(
      cols,
      [=](std::size_t c) XERAS_LAMBDA {
        const V a = load(w + c);
        for (std::size_t r = 0; r < rows; ++r) {
          store(y + r * ldy + c, mul_add(load(x + r * ldx + c), a, load(y + r * ldy + c)));
        }
      },
      [=](std::size_t c, const Part& part) XERAS_LAMBDA {
        const V a = load(w + c, part);
        for (std::size_t r = 0; r < rows; ++r) {
          store(y + r * ldy + c, mul_add(load(x + r * ldx + c, part), a, load(y + r * ldy + c, part)), part);
        }
      });
}

// x, y (rows, cols), sum (cols).
void add_products(const float* x, std::size_t ldx, const float* y, std::size_t ldy, float* sum, std::size_t rows,
                  std::size_t cols) {
  while (rows > 0) {
    const std::size_t some = rows < rows_at_once ? rows : rows_at_once;
    each_column(
        cols,
        [=](std::size_t c) XERAS_LAMBDA {
          V s = load(sum + c);
          for (std::size_t r = 0; r < some; ++r) s = mul_add(load(x + r * ldx + c), load(y + r * ldy + c), s);
          store(sum + c, s);
        },
        [=](std::size_t c, const Part& part) XERAS_LAMBDA {
          V s = load(sum + c, part);
          for (std::size_t r = 0; r < some; ++r) {
            s = mul_add(load(x + r * ldx + c, part), load(y + r * ldy + c, part), s);
          }
          store(sum + c, s, part);
        });
    rows -= some;
    x += some * ldx;
    y += some * ldy;
  }
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
