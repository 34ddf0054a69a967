#include "xeras/layers/recurrent/gru.hpp"

#include <algorithm>

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/recurrent/walk.hpp"

namespace xeras::layers {
namespace {

constexpr std::size_t gru_gates = 3;  // in the order z, r, g

// y = z h + (1 - z) g.
void mix(const float* z, const float* g, const float* h, float* y, std::size_t U) {
  for (std::size_t u = 0; u < U; ++u) y[u] = z[u] * h[u] + (1.0f - z[u]) * g[u];
}

// dh is the gradient of y, and becomes its part for h.
void mix_backward(const float* z, const float* g, const float* h, float* dh, float* dz, float* dg, std::size_t U) {
  for (std::size_t u = 0; u < U; ++u) {
    dz[u] = dh[u] * (h[u] - g[u]);
    dg[u] = dh[u] * (1.0f - z[u]);
    dh[u] *= z[u];
  }
}

}  // namespace

GRU::GRU(GRUConfig config) : LayerWith(std::move(config)) { WalkOptions(gru_gates, this->config()).check(who()); }

bool GRU::keeps_input() const { return cell_needs_input(options()); }

Spec GRU::build(const Spec& input, Builder& builder) {
  const WalkOptions walk(gru_gates, config());
  const Dim batch = input.shape[0], time = input.shape[1];
  const std::int64_t units = config().units, columns = static_cast<std::int64_t>(gru_gates) * units;
  declare_weights(builder, input, walk, options(), options().reset_after ? Shape{2, columns} : Shape{columns},
                  options().bias_initializer, handles_);
  const Spec output = declare_walk(builder, input, walk, handles_);
  inner_ = builder.saved({batch, time, units});
  if (keeps_input()) pre_activation_ = builder.saved({batch, time, columns});
  recurrent_ = builder.scratch({batch, columns});
  row_ = builder.scratch({batch, columns});
  return output;
}

// Computes the rows of a step, for both positions of the reset gate.
class GRU::Cell {
 public:
  using Rows = Walk::Rows;
  Cell(const GRU& gru, const Call& call, const Walk& walk)
      : gru_(gru),
        call_(call),
        walk_(walk),
        U(walk.U),
        N(walk.N),
        activation_(gru.options().activation),
        recurrent_activation_(gru.options().recurrent_activation),
        usual_(are_usual(activation_, recurrent_activation_)),
        pre_activation_(gru.keeps_input() ? call[gru.pre_activation_].data : nullptr) {}

  void forward_reset_after(const Rows& rows) const;
  void forward_reset_before(const Rows& rows) const;
  // Overwrite the gates with their gradients, and inner, too, with the reset gate after.
  void backward_reset_after(const Rows& rows) const;
  void backward_reset_before(const Rows& rows) const;

  float* inner(std::size_t row) const { return call_[gru_.inner_].data + row * U; }

 private:
  float* recurrent(std::size_t position) const { return call_[gru_.recurrent_].data + position * N; }
  float* dh(std::size_t position) const { return call_[gru_.handles_.h.grad].data + position * U; }
  // Returns the gradients of the gates of one row.
  float* d(std::size_t position) const { return call_[gru_.row_].data + position * N; }
  // Returns a gate of a row before its activation; null if no gradient needs it.
  float* pre(std::size_t row, std::size_t gate) const {
    return pre_activation_ == nullptr ? nullptr : pre_activation_ + row * N + gate * U;
  }
  // Applies the activation to `count` gates of a row.
  void activate(const CellActivation& activation, std::size_t row, std::size_t gate, std::size_t count) const {
    float* x = walk_.gates(row) + gate * U;
    if (float* kept = pre(row, gate)) std::copy_n(x, count * U, kept);
    activation.forward(x, x, count, U);
  }
  // Applies the activation of g and computes the new output.
  void finish_row(const Rows& rows, std::size_t k) const;
  const float* candidate_kernel() const { return call_[gru_.handles_.recurrent_kernel].data + 2 * U; }
  const float* candidate_dropout(const Rows& rows) const {
    const float* scales = walk_.recurrent_dropout(2);
    return scales == nullptr ? nullptr : scales + rows.position * U;
  }

  const GRU& gru_;
  const Call& call_;
  const Walk& walk_;
  const std::size_t U, N;
  const CellActivation activation_, recurrent_activation_;
  const bool usual_;
  float* pre_activation_;  // the shape of the gates, or null
};

void GRU::Cell::finish_row(const Rows& rows, std::size_t k) const {
  activate(activation_, rows.row + k, 2, 1);
  const float* z = walk_.gates(rows.row + k);
  mix(z, z + 2 * U, walk_.before(gru_.handles_.h, rows.row + k),
      walk_.after(gru_.handles_.h, rows.step, rows.position + k), U);
}

void GRU::Cell::forward_reset_after(const Rows& rows) const {
  float* const products = recurrent(rows.position);
  walk_.multiply_recurrent(rows, 0, gru_gates, 0.0f, products, N);
  if (gru_.options().use_bias) kernels::simd().add_bias(products, call_[gru_.handles_.bias].data + N, rows.count, N);
  for (std::size_t k = 0; k < rows.count; ++k) {
    const std::size_t row = rows.row + k;
    float *z = walk_.gates(row), *r = z + U, *g = z + 2 * U, *inner_row = inner(row);
    const float* product = products + k * N;
    std::copy_n(product + 2 * U, U, inner_row);
    if (usual_) {
      kernels::simd().gru_forward(z, product, walk_.before(gru_.handles_.h, row),
                                  walk_.after(gru_.handles_.h, rows.step, rows.position + k), U);
      continue;
    }
    kernels::simd().axpy(1.0f, product, z, 2 * U);
    activate(recurrent_activation_, row, 0, 2);
    for (std::size_t u = 0; u < U; ++u) g[u] += r[u] * inner_row[u];
    finish_row(rows, k);
  }
}

void GRU::Cell::forward_reset_before(const Rows& rows) const {
  float *all = walk_.gates(rows.row), *inner_rows = inner(rows.row);
  walk_.multiply_recurrent(rows, 0, 2, 1.0f, all, N);
  for (std::size_t k = 0; k < rows.count; ++k) {
    activate(recurrent_activation_, rows.row + k, 0, 2);
    kernels::simd().multiply(all + k * N + U, walk_.before(gru_.handles_.h, rows.row + k), inner_rows + k * U, U);
  }
  if (const float* dropout = candidate_dropout(rows)) {
    kernels::simd().multiply(inner_rows, dropout, inner_rows, rows.count * U);
  }
  kernels::gemm(false, false, rows.count, U, U, inner_rows, U, candidate_kernel(), N, 1.0f, all + 2 * U, N);
  for (std::size_t k = 0; k < rows.count; ++k) finish_row(rows, k);
}

void GRU::Cell::backward_reset_after(const Rows& rows) const {
  for (std::size_t k = 0; k < rows.count; ++k) {
    const std::size_t row = rows.row + k, position = rows.position + k;
    const float* h = walk_.before(gru_.handles_.h, row);
    float *z = walk_.gates(row), *inner_row = inner(row), *product = recurrent(position);
    if (usual_) {
      kernels::simd().gru_backward(z, inner_row, h, dh(position), product, U);
      continue;
    }
    const float *r = z + U, *g = z + 2 * U;
    float *dz = d(position), *dr = dz + U, *dg = dz + 2 * U;
    mix_backward(z, g, h, dh(position), dz, dg, U);
    activation_.backward(pre(row, 2), g, dg, 1, U);
    for (std::size_t u = 0; u < U; ++u) {
      dr[u] = dg[u] * inner_row[u];
      inner_row[u] = dg[u] * r[u];
    }
    recurrent_activation_.backward(pre(row, 0), z, dz, 2, U);
    std::copy_n(dz, N, z);
    std::copy_n(dz, 2 * U, product);
    std::copy_n(inner_row, U, product + 2 * U);
  }
  walk_.add_recurrent_grad(rows, 0, gru_gates, recurrent(rows.position), N);
}

void GRU::Cell::backward_reset_before(const Rows& rows) const {
  float* all = walk_.gates(rows.row);
  for (std::size_t k = 0; k < rows.count; ++k) {
    const std::size_t row = rows.row + k, position = rows.position + k;
    float *z = walk_.gates(row), *g = z + 2 * U, *dz = d(position), *dg = dz + 2 * U;
    mix_backward(z, g, walk_.before(gru_.handles_.h, row), dh(position), dz, dg, U);
    recurrent_activation_.backward(pre(row, 0), z, dz, 1, U);
    activation_.backward(pre(row, 2), g, dg, 1, U);
    std::copy_n(dz, U, z);
    std::copy_n(dg, U, g);
  }
  // The gradient of r h (rows.count, U).
  float* d_inner = recurrent(rows.position);
  kernels::gemm(false, true, rows.count, U, U, all + 2 * U, N, candidate_kernel(), N, 0.0f, d_inner, U);
  if (const float* dropout = candidate_dropout(rows)) {
    kernels::simd().multiply(d_inner, dropout, d_inner, rows.count * U);
  }
  for (std::size_t k = 0; k < rows.count; ++k, d_inner += U) {
    const std::size_t row = rows.row + k, position = rows.position + k;
    const float* h = walk_.before(gru_.handles_.h, row);
    float *r = walk_.gates(row) + U, *dr = d(position), *dh_row = dh(position);
    for (std::size_t u = 0; u < U; ++u) {
      dr[u] = d_inner[u] * h[u];
      dh_row[u] += d_inner[u] * r[u];
    }
    recurrent_activation_.backward(pre(row, 1), r, dr, 1, U);
    std::copy_n(dr, U, r);
  }
  walk_.add_recurrent_grad(rows, 0, 2, all, N);
}

void GRU::forward(const Call& call) const {
  const Walk walk(call, handles_, {gru_gates, config()});
  const Cell cell(*this, call, walk);
  walk.begin();
  walk.ahead([&](const Walk::Rows& rows) {
    options().reset_after ? cell.forward_reset_after(rows) : cell.forward_reset_before(rows);
  });
  walk.finish();
}

void GRU::backward(const BackwardCall& call) const {
  const Walk walk(call, handles_, {gru_gates, config()});
  const Cell cell(*this, call, walk);
  const std::size_t U = walk.U, N = walk.N, R = walk.timeline.rows();
  walk.begin_backward();
  walk.back([&](const Walk::Rows& rows) {
    walk.add_output_grad(call, rows);
    options().reset_after ? cell.backward_reset_after(rows) : cell.backward_reset_before(rows);
  });
  walk.add_recurrent_kernel_grad(call, 0, 2, walk.gates(0), N);
  if (options().reset_after) {
    walk.add_recurrent_kernel_grad(call, 2, 1, cell.inner(0), U);
  } else if (call.wants_grad(handles_.recurrent_kernel)) {
    kernels::gemm(true, false, U, U, R, cell.inner(0), U, walk.gates(0) + 2 * U, N, 1.0f,
                  call.grad(handles_.recurrent_kernel).data + 2 * U, N);
  }
  if (options().reset_after && options().use_bias && call.wants_grad(handles_.bias) && R > 0) {
    // The recurrent bias, row 1, has the gradient of row 0, except for g, where it is multiplied by r.
    float *sum = call[row_].data, *grad = call.grad(handles_.bias).data + N;
    std::fill_n(sum, N, 0.0f);
    kernels::add_rows(walk.gates(0), sum, R, N);
    kernels::simd().axpy(1.0f, sum, grad, 2 * U);
    kernels::add_rows(cell.inner(0), grad + 2 * U, R, U);
  }
  walk.finish_backward(call);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(GRU)
