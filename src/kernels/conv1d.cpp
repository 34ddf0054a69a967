#include "kernels/conv1d.hpp"

#include <algorithm>

#include "core/parallel.hpp"
#include "kernels/conv1d_taps.hpp"
#include "kernels/depthwise1d.hpp"
#include "kernels/gemm.hpp"
#include "kernels/long_sums.hpp"
#include "kernels/simd.hpp"

namespace xeras::kernels {
namespace {

// True when the taps of a window cover consecutive steps with all their features, so that the window is a row of K D
// numbers. These rows overlap, which a BLAS does not accept; products with a BLAS go tap by tap.
bool has_rows(const Conv1DSizes& n) { return n.groups == 1 && (n.dilation == 1 || n.K == 1) && n.D > 0; }

// The part of a window at an edge that lies within the input, if windows are rows.
struct Run {
  std::size_t tap, taps, first;  // `tap` covers the input step `first`; `taps` taps lie within the input
};

Run run_of(const Conv1DSizes& n, std::size_t s) {
  const std::size_t at = s * n.stride;
  const std::size_t tap = n.before > at ? n.before - at : 0;
  const std::size_t end = n.before + n.T > at ? std::min(n.K, n.before + n.T - at) : 0;
  return tap < end ? Run{tap, end - tap, at + tap - n.before} : Run{0, 0, 0};
}

// Calls visit(s, run) for the steps in [from, to) whose window crosses an edge.
template <class Visit>
void each_edge(const Conv1DSizes& n, std::size_t from, std::size_t to, const Interior& interior, Visit visit) {
  for (std::size_t s = from; s < to; ++s) {
    if (s == interior.begin) s = interior.end;
    if (s >= to) return;
    const Run run = run_of(n, s);
    if (run.taps > 0) visit(s, run);
  }
}

// The floats per sum, for the sum and its LongSums; even, so that doubles are aligned.
constexpr std::size_t room_a_sum = 1 + LongSums::room(1);

std::size_t panel_size(std::size_t K, std::size_t D) { return packed_size(K * D, conv1d_panel); }

}  // namespace

std::size_t conv1d_room(std::size_t K, std::size_t D, std::size_t U) {
  const std::size_t panels = (U + conv1d_panel - 1) / conv1d_panel;
  return std::max(panels * panel_size(K, D), packed_size(U, K * D));
}

// w (K, D, U), packed: ceil(U / conv1d_panel) panels.
void conv1d_pack(const Conv1DSizes& n, const float* w, float* packed) {
  if (!has_rows(n)) return;
  const std::size_t panels = (n.U + conv1d_panel - 1) / conv1d_panel, size = panel_size(n.K, n.D);
  parallel_for(panels, 2 * size, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t u = i * conv1d_panel;
      pack(false, n.K * n.D, std::min(conv1d_panel, n.U - u), w + u, n.U, packed + i * size);
    }
  });
}

// w (K, D, U), packed as (U, K D).
void conv1d_pack_transposed(const Conv1DSizes& n, const float* w, float* packed) {
  if (has_rows(n)) pack(true, n.U, n.K * n.D, w, n.U, packed);
}

// x (T, D), w (K, D / groups, U), bias (U) or null, y (steps, filters).
void conv1d(const Conv1DSizes& n, const Conv1DPart& part, const float* x, const float* w, const float* packed,
            const float* bias, float* y) {
  const std::size_t N = part.filters, from = part.first_step, to = from + part.steps, u = part.first_filter;
  for (std::size_t s = 0; s < part.steps; ++s) {
    if (bias != nullptr) {
      std::copy_n(bias + u, N, y + s * N);
    } else {
      std::fill_n(y + s * N, N, 0.0f);
    }
  }
  if (packed != nullptr && has_rows(n) && !gemm_takes_blas(false, part.steps, N, n.K * n.D)) {
    const Interior interior = interior_of(n, from, to);
    const std::size_t size = panel_size(n.K, n.D), steps = interior.end - interior.begin;
    for (std::size_t i = 0; i < N && steps > 0; i += conv1d_panel) {
      const PackedMatrix panel{false,     n.K * n.D, std::min(conv1d_panel, N - i),
                               w + u + i, n.U,       packed + (u + i) / conv1d_panel * size};
      gemm_packed(steps, x + (interior.begin * n.stride - n.before) * n.D, n.stride * n.D, panel, 1.0f,
                  y + (interior.begin - from) * N + i, N);
    }
    each_edge(n, from, to, interior, [&](std::size_t s, const Run& run) {
      gemm(false, false, 1, N, run.taps * n.D, x + run.first * n.D, n.D, w + run.tap * n.D * n.U + u, n.U, 1.0f,
           y + (s - from) * N, N);
    });
    return;
  }
  const std::size_t D = n.D / n.groups, U = n.groups == 1 ? N : n.U / n.groups;  // per group
  for (std::size_t k = 0; k < n.K; ++k) {
    const Reach reach = reach_of(n, k, from, to);
    if (reach.count == 0) continue;
    const float* xk = x + reach.first * n.D;
    float* yk = y + (reach.begin - from) * N;
    if (is_depthwise(n)) {
      depthwise_tap(reach.count, n.D, n.U / n.D, xk, n.stride * n.D, w + k * n.U, yk);
      continue;
    }
    for (std::size_t g = 0; g < n.groups; ++g) {
      gemm(false, false, reach.count, U, D, xk + g * D, n.stride * n.D, w + k * D * n.U + u + g * U, n.U, 1.0f,
           yk + g * U, N);
    }
  }
}

// dy (S, U), w (K, D / groups, U), dx (T, D).
void conv1d_input_grad(const Conv1DSizes& n, const float* dy, const float* w, const float* packed, float* dx) {
  std::fill_n(dx, n.T * n.D, 0.0f);
  if (packed != nullptr && has_rows(n) && !gemm_takes_blas(false, n.S, n.K * n.D, n.U)) {
    const Interior interior = interior_of(n, 0, n.S);
    // Windows `apart` steps apart do not overlap, so one product may add to all of them at once.
    const std::size_t apart = (n.K - 1) / n.stride + 1;
    for (std::size_t s = interior.begin; s < std::min(interior.begin + apart, interior.end); ++s) {
      gemm_packed((interior.end - s - 1) / apart + 1, dy + s * n.U, apart * n.U, {true, n.U, n.K * n.D, w, n.U, packed},
                  1.0f, dx + (s * n.stride - n.before) * n.D, apart * n.stride * n.D);
    }
    each_edge(n, 0, n.S, interior, [&](std::size_t s, const Run& run) {
      gemm(false, true, 1, run.taps * n.D, n.U, dy + s * n.U, n.U, w + run.tap * n.D * n.U, n.U, 1.0f,
           dx + run.first * n.D, n.D);
    });
    return;
  }
  const std::size_t D = n.D / n.groups, U = n.U / n.groups;  // per group
  for (std::size_t k = 0; k < n.K; ++k) {
    const Reach reach = reach_of(n, k, 0, n.S);
    if (reach.count == 0) continue;
    const float* dyk = dy + reach.begin * n.U;
    float* dxk = dx + reach.first * n.D;
    if (is_depthwise(n)) {
      depthwise_tap_input_grad(reach.count, n.D, n.U / n.D, dyk, w + k * n.U, dxk, n.stride * n.D);
      continue;
    }
    for (std::size_t g = 0; g < n.groups; ++g) {
      gemm(false, true, reach.count, D, U, dyk + g * U, n.U, w + k * D * n.U + g * U, n.U, 1.0f, dxk + g * D,
           n.stride * n.D);
    }
  }
}

namespace {

// Returns the number of steps per run. A kernel's gradient sums over samples and steps, and each sample's steps are
// split into runs.
std::size_t steps_of_run(const Conv1DSizes& n, std::size_t B) {
  return B * n.S > gemm_long_sum || n.K > terms_in_float ? terms_in_float : n.S;
}

// Returns the most terms that a run over the output steps [from, to) adds to a sum.
std::size_t terms_of_run(const Conv1DSizes& n, std::size_t from, std::size_t to) {
  const Interior interior = has_rows(n) ? interior_of(n, from, to) : Interior{from, to};
  const std::size_t product = interior.end - interior.begin, edges = to - from - product;
  return std::min(gemm_terms(product) + edges, terms_in_float);
}

// Calls add(b, from, to, sums) for all runs, with n sums.
template <class Add>
void add_runs(const Conv1DSizes& sizes, std::size_t B, float* sums, std::size_t n, float* room, Add add) {
  LongSums all(sums, n, room);
  const std::size_t steps = steps_of_run(sizes, B);
  for (std::size_t b = 0; b < B; ++b) {
    for (std::size_t from = 0; from < sizes.S; from += steps) {
      const std::size_t to = std::min(from + steps, sizes.S);
      add(b, from, to, all.next(terms_of_run(sizes, from, to)));
    }
  }
  all.finish();
}

// Computes the rows [begin, end) of dw (K D, U), if windows are rows.
void kernel_grad_rows(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw,
                      std::size_t begin, std::size_t end, float* room) {
  const auto add = [&](std::size_t b, std::size_t from, std::size_t to, float* sums) {
    const float *xb = x + b * n.T * n.D, *dyb = dy + b * n.S * n.U;
    const Interior interior = interior_of(n, from, to);
    if (interior.begin < interior.end) {
      gemm(true, false, end - begin, n.U, interior.end - interior.begin,
           xb + (interior.begin * n.stride - n.before) * n.D + begin, n.stride * n.D, dyb + interior.begin * n.U, n.U,
           1.0f, sums, n.U);
    }
    each_edge(n, from, to, interior, [&](std::size_t s, const Run& run) {
      const std::size_t first = run.tap * n.D;
      for (std::size_t i = std::max(begin, first); i < std::min(end, first + run.taps * n.D); ++i) {
        simd().axpy(xb[run.first * n.D + i - first], dyb + s * n.U, sums + (i - begin) * n.U, n.U);
      }
    });
  };
  add_runs(n, B, dw + begin * n.U, (end - begin) * n.U, room, add);
}

// Computes the gradient of tap k and group g; room holds these sums and their LongSums.
void kernel_grad_tap(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw, std::size_t k,
                     std::size_t g, float* room) {
  const std::size_t D = n.D / n.groups, U = n.U / n.groups;  // per group
  float* const to_add = dw + k * D * n.U + g * U;            // rows are n.U apart
  float* const own = room != nullptr ? room + LongSums::room(D * U) : to_add;
  const std::size_t apart = room != nullptr ? U : n.U;
  if (room != nullptr) std::fill_n(own, D * U, 0.0f);
  add_runs(n, B, own, D * U, room, [&](std::size_t b, std::size_t from, std::size_t to, float* sums) {
    const Reach reach = reach_of(n, k, from, to);
    gemm(true, false, D, U, reach.count, x + (b * n.T + reach.first) * n.D + g * D, n.stride * n.D,
         dy + (b * n.S + reach.begin) * n.U + g * U, n.U, 1.0f, sums, apart);
  });
  for (std::size_t d = 0; room != nullptr && d < D; ++d) {
    for (std::size_t u = 0; u < U; ++u) to_add[d * n.U + u] += own[d * U + u];
  }
}

}  // namespace

std::size_t conv1d_kernel_grad_room(const Conv1DSizes& n, std::size_t B) {
  if (is_depthwise(n)) return 0;
  const std::size_t steps = steps_of_run(n, B), runs = steps > 0 ? B * ((n.S + steps - 1) / steps) : 0;
  std::size_t most = 0;
  for (std::size_t from = 0; from < n.S; from += steps) {
    most = std::max(most, terms_of_run(n, from, std::min(from + steps, n.S)));
  }
  return runs * most > terms_in_float ? room_a_sum * n.K * (n.D / n.groups) * n.U : 0;
}

// x (B, T, D), dy (B, S, U), dw (K, D / groups, U).
void conv1d_kernel_grad(const Conv1DSizes& n, std::size_t B, const float* x, const float* dy, float* dw, float* room) {
  const std::size_t products = B * n.S * n.K * (n.D / n.groups) * n.U / products_a_float;
  const auto room_of = [&](std::size_t sum) { return room != nullptr ? room + room_a_sum * sum : nullptr; };
  if (has_rows(n) && !gemm_takes_blas(true, n.K * n.D, n.U, n.S)) {
    constexpr std::size_t rows = 12;  // the least per part
    const std::size_t KD = n.K * n.D, parts = (KD + rows - 1) / rows;
    parallel_for(parts, products / parts, [&](std::size_t begin, std::size_t end) {
      kernel_grad_rows(n, B, x, dy, dw, begin * rows, std::min(end * rows, KD), room_of(begin * rows * n.U));
    });
  } else if (is_depthwise(n)) {
    depthwise_kernel_grad(n, B, x, dy, dw);
  } else if (n.D > 0) {
    const std::size_t sums = (n.D / n.groups) * (n.U / n.groups);
    parallel_for(n.K * n.groups, products / (n.K * n.groups), [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        kernel_grad_tap(n, B, x, dy, dw, i / n.groups, i % n.groups, room_of(i * sums));
      }
    });
  }
}

}  // namespace xeras::kernels
