#include "xeras/layers/recurrent/gru.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/simd.hpp"
#include "layers/recurrent/walk.hpp"

namespace xeras::layers {
namespace {

constexpr std::size_t gates = 3;  // in the order z, r, g

// y = z h + (1 - z) g.
void mix(const float* z, const float* g, const float* h, float* y, std::size_t U) {
  for (std::size_t u = 0; u < U; ++u) y[u] = z[u] * h[u] + (1.0f - z[u]) * g[u];
}

// dh comes in as the gradient of y.
void mix_backward(const float* z, const float* g, const float* h, float* dh, float* dz, float* dg, std::size_t U) {
  for (std::size_t u = 0; u < U; ++u) {
    dz[u] = dh[u] * (h[u] - g[u]);
    dg[u] = dh[u] * (1.0f - z[u]);
    dh[u] *= z[u];
  }
}

}  // namespace

GRU::GRU(GRUConfig config) : LayerWith(std::move(config)) { WalkOptions(gates, this->config()).check(who()); }

bool GRU::keeps_input() const {
  return CellActivation(options().activation).needs_input() ||
         CellActivation(options().recurrent_activation).needs_input();
}

Spec GRU::build(const Spec& input, Builder& builder) {
  const WalkOptions walk(gates, config());
  const Dim batch = input.shape[0], time = input.shape[1];
  const std::int64_t units = config().units, columns = static_cast<std::int64_t>(gates) * units;
  declare_weights(builder, input, walk, options(), options().reset_after ? Shape{2, columns} : Shape{columns},
                  options().bias_initializer, handles_);
  const Spec output = declare_walk(builder, input, walk, handles_);
  inner_ = builder.saved({batch, time, units});
  if (keeps_input()) pre_activation_ = builder.saved({batch, time, columns});
  recurrent_ = builder.scratch({batch, columns});
  row_ = builder.scratch({columns});
  return output;
}

// A step at a time, for either place of the reset gate.
class GRU::Cell {
 public:
  Cell(const GRU& gru, const Call& call, const Walk& walk)
      : gru_(gru),
        call_(call),
        walk_(walk),
        B(walk.B),
        U(walk.U),
        N(walk.N),
        activation_(gru.options().activation),
        recurrent_activation_(gru.options().recurrent_activation),
        usual_(are_usual(activation_, recurrent_activation_)),
        pre_activation_(gru.keeps_input() ? call[gru.pre_activation_].data : nullptr),
        recurrent_(call[gru.recurrent_].data),
        d_(call[gru.row_].data) {}

  void forward_reset_after(std::size_t step) const;
  void forward_reset_before(std::size_t step) const;
  // The gates' memory, and with the reset gate after that of inner, becomes their gradient.
  void backward_reset_after(std::size_t step) const;
  void backward_reset_before(std::size_t step) const;

  float* inner(std::size_t step) const { return call_[gru_.inner_].data + step * B * U; }

 private:
  // Of a row, before the activations; null where no gradient needs it.
  float* pre(std::size_t step, std::size_t row, std::size_t gate) const {
    return pre_activation_ == nullptr ? nullptr : pre_activation_ + (step * B + row) * N + gate * U;
  }
  // x (count, U) of a row becomes its activation.
  void activate(const CellActivation& activation, std::size_t step, std::size_t row, std::size_t gate,
                std::size_t count) const {
    float* x = walk_.gates(step) + row * N + gate * U;
    if (float* kept = pre(step, row, gate)) std::copy_n(x, count * U, kept);
    activation.forward(x, x, count, U);
  }
  // Behind the activation: the new output, or where the row is masked the old one.
  void finish_row(std::size_t step, std::size_t row) const;
  const float* candidate_kernel() const { return call_[gru_.handles_.recurrent_kernel].data + 2 * U; }

  const GRU& gru_;
  const Call& call_;
  const Walk& walk_;
  const std::size_t B, U, N;
  const CellActivation activation_, recurrent_activation_;
  const bool usual_;
  float* pre_activation_;  // (T, B, N), or null
  float* recurrent_;       // (B, N)
  float* d_;               // (N): the gradients of one row's gates
};

void GRU::Cell::finish_row(std::size_t step, std::size_t row) const {
  if (!walk_.counts(step, row)) return walk_.carry_over(gru_.handles_.h, step, row);
  activate(activation_, step, row, 2, 1);
  const float* z = walk_.gates(step) + row * N;
  mix(z, z + 2 * U, walk_.before(gru_.handles_.h, step) + row * U, walk_.before(gru_.handles_.h, step + 1) + row * U,
      U);
}

void GRU::Cell::forward_reset_after(std::size_t step) const {
  walk_.multiply_recurrent(step, 0, gates, 0.0f, recurrent_, N);
  if (gru_.options().use_bias) kernels::simd().add_bias(recurrent_, call_[gru_.handles_.bias].data + N, B, N);
  for (std::size_t row = 0; row < B; ++row) {
    float *z = walk_.gates(step) + row * N, *r = z + U, *g = z + 2 * U;
    const float* recurrent = recurrent_ + row * N;
    if (usual_) {
      std::copy_n(recurrent + 2 * U, U, inner(step) + row * U);
      if (!walk_.counts(step, row)) {
        walk_.carry_over(gru_.handles_.h, step, row);
      } else {
        kernels::simd().gru_forward(z, recurrent, walk_.before(gru_.handles_.h, step) + row * U,
                                    walk_.before(gru_.handles_.h, step + 1) + row * U, U);
      }
      continue;
    }
    kernels::simd().axpy(1.0f, recurrent, z, 2 * U);
    activate(recurrent_activation_, step, row, 0, 2);
    float* inner_row = inner(step) + row * U;
    std::copy_n(recurrent + 2 * U, U, inner_row);
    for (std::size_t u = 0; u < U; ++u) g[u] += r[u] * inner_row[u];
    finish_row(step, row);
  }
}

void GRU::Cell::forward_reset_before(std::size_t step) const {
  float* all = walk_.gates(step);
  walk_.multiply_recurrent(step, 0, 2, 1.0f, all, N);
  const float* h = walk_.before(gru_.handles_.h, step);
  for (std::size_t row = 0; row < B; ++row) {
    activate(recurrent_activation_, step, row, 0, 2);
    kernels::simd().multiply(all + row * N + U, h + row * U, inner(step) + row * U, U);
  }
  if (const float* dropout = walk_.recurrent_dropout(2)) {
    kernels::simd().multiply(inner(step), dropout, inner(step), B * U);
  }
  kernels::gemm(false, false, B, U, U, inner(step), U, candidate_kernel(), N, 1.0f, all + 2 * U, N);
  for (std::size_t row = 0; row < B; ++row) finish_row(step, row);
}

void GRU::Cell::backward_reset_after(std::size_t step) const {
  const float* h = walk_.before(gru_.handles_.h, step);
  float* dh = call_[gru_.handles_.h.grad].data;
  for (std::size_t row = 0; row < B; ++row) {
    float *z = walk_.gates(step) + row * N, *inner_row = inner(step) + row * U, *recurrent = recurrent_ + row * N;
    if (!walk_.counts(step, row)) {
      std::fill_n(z, N, 0.0f);
      std::fill_n(inner_row, U, 0.0f);
      std::fill_n(recurrent, N, 0.0f);
      continue;
    }
    if (usual_) {
      kernels::simd().gru_backward(z, inner_row, h + row * U, dh + row * U, recurrent, U);
      continue;
    }
    const float *r = z + U, *g = z + 2 * U;
    float *dr = d_ + U, *dg = d_ + 2 * U;
    mix_backward(z, g, h + row * U, dh + row * U, d_, dg, U);
    activation_.backward(pre(step, row, 2), g, dg, 1, U);
    for (std::size_t u = 0; u < U; ++u) {
      dr[u] = dg[u] * inner_row[u];
      inner_row[u] = dg[u] * r[u];
    }
    recurrent_activation_.backward(pre(step, row, 0), z, d_, 2, U);
    std::copy_n(d_, N, z);
    std::copy_n(d_, 2 * U, recurrent);
    std::copy_n(inner_row, U, recurrent + 2 * U);
  }
  walk_.add_recurrent_grad(0, gates, recurrent_, N);
}

void GRU::Cell::backward_reset_before(std::size_t step) const {
  float* all = walk_.gates(step);
  const float* h = walk_.before(gru_.handles_.h, step);
  float* dh = call_[gru_.handles_.h.grad].data;
  for (std::size_t row = 0; row < B; ++row) {
    float *z = all + row * N, *g = z + 2 * U;
    if (!walk_.counts(step, row)) {
      std::fill_n(z, N, 0.0f);
      continue;
    }
    float* dg = d_ + 2 * U;
    mix_backward(z, g, h + row * U, dh + row * U, d_, dg, U);
    recurrent_activation_.backward(pre(step, row, 0), z, d_, 1, U);
    activation_.backward(pre(step, row, 2), g, dg, 1, U);
    std::copy_n(d_, U, z);
    std::copy_n(dg, U, g);
  }
  // Of r h, (B, U): as many as inner.
  float* d_inner = recurrent_;
  kernels::gemm(false, true, B, U, U, all + 2 * U, N, candidate_kernel(), N, 0.0f, d_inner, U);
  if (const float* dropout = walk_.recurrent_dropout(2)) kernels::simd().multiply(d_inner, dropout, d_inner, B * U);
  for (std::size_t row = 0; row < B; ++row) {
    if (!walk_.counts(step, row)) continue;
    float* r = all + row * N + U;
    const std::size_t at = row * U;
    for (std::size_t u = 0; u < U; ++u) {
      d_[u] = d_inner[at + u] * h[at + u];
      dh[at + u] += d_inner[at + u] * r[u];
    }
    recurrent_activation_.backward(pre(step, row, 1), r, d_, 1, U);
    std::copy_n(d_, U, r);
  }
  walk_.add_recurrent_grad(0, 2, all, N);
}

void GRU::forward(const Call& call) const {
  const Walk walk(call, handles_, {gates, config()});
  const Cell cell(*this, call, walk);
  walk.begin();
  for (std::size_t step = 0; step < walk.T; ++step) {
    if (options().reset_after) {
      cell.forward_reset_after(step);
    } else {
      cell.forward_reset_before(step);
    }
  }
  walk.finish();
}

void GRU::backward(const BackwardCall& call) const {
  const Walk walk(call, handles_, {gates, config()});
  const Cell cell(*this, call, walk);
  const std::size_t U = walk.U, N = walk.N, steps = walk.T * walk.B;
  walk.begin_backward();
  for (std::size_t step = walk.T; step-- > 0;) {
    walk.add_output_grad(call, step);
    if (options().reset_after) {
      cell.backward_reset_after(step);
    } else {
      cell.backward_reset_before(step);
    }
  }
  walk.add_recurrent_kernel_grad(call, 0, 2, walk.gates(0), N);
  if (options().reset_after) {
    walk.add_recurrent_kernel_grad(call, 2, 1, cell.inner(0), U);
  } else if (call.wants_grad(handles_.recurrent_kernel)) {
    kernels::gemm(true, false, U, U, steps, cell.inner(0), U, walk.gates(0) + 2 * U, N, 1.0f,
                  call.grad(handles_.recurrent_kernel).data + 2 * U, N);
  }
  if (options().reset_after && options().use_bias && call.wants_grad(handles_.bias)) {
    // The recurrent bias, row 1: as the other one but for the gradient of g, which went through r.
    float *sum = call[row_].data, *grad = call.grad(handles_.bias).data + N;
    std::fill_n(sum, N, 0.0f);
    kernels::simd().add_rows(walk.gates(0), sum, steps, N);
    kernels::simd().axpy(1.0f, sum, grad, 2 * U);
    kernels::simd().add_rows(cell.inner(0), grad + 2 * U, steps, U);
  }
  walk.add_bias_grad(call);
  walk.finish_backward(call);
}

}  // namespace xeras::layers
