#include "xeras/layers/recurrent/lstm.hpp"

#include <algorithm>

#include "kernels/simd.hpp"
#include "layers/recurrent/walk.hpp"

namespace xeras::layers {
namespace {

constexpr std::size_t lstm_gates = 4;  // in the order i, f, g, o

// Initializes the forget gate's bias to 1, so that the carry is kept at first, and the others with another initializer.
class ForgetGateOnes final : public initializers::Initializer {
 public:
  explicit ForgetGateOnes(InitializerArgument others) : others_(std::move(others)) {}
  Value get_config() const override { return Value::Dict{}; }
  void fill(const Shape& shape, float* bias) const override {
    const std::int64_t units = shape[0].size() / static_cast<std::int64_t>(lstm_gates);
    others_->fill({units}, bias);
    std::fill_n(bias + units, units, 1.0f);
    others_->fill({2 * units}, bias + 2 * units);
  }

 private:
  InitializerArgument others_;
};

}  // namespace

LSTM::LSTM(LSTMConfig config) : LayerWith(std::move(config)) { WalkOptions(lstm_gates, this->config()).check(who()); }

bool LSTM::keeps_input() const { return cell_needs_input(options()); }

Spec LSTM::build(const Spec& input, Builder& builder) {
  const WalkOptions walk(lstm_gates, config());
  const auto columns = static_cast<std::int64_t>(lstm_gates) * config().units;
  InitializerArgument bias = options().bias_initializer;
  if (bias && options().unit_forget_bias) bias = ForgetGateOnes(std::move(bias));
  declare_weights(builder, input, walk, options(), {columns}, bias, handles_);
  const Spec output = declare_walk(builder, input, walk, handles_);
  declare_carried(builder, input, walk, carry_);
  activated_ = builder.saved({input.shape[0], input.shape[1], config().units});
  if (keeps_input()) pre_activation_ = builder.saved({input.shape[0], input.shape[1], columns});
  row_ = builder.scratch({input.shape[0], columns + config().units});
  return output;
}

void LSTM::forward(const Call& call) const {
  const Walk walk(call, handles_, {lstm_gates, config()});
  const CellActivation activation(options().activation), recurrent_activation(options().recurrent_activation);
  const bool usual = are_usual(activation, recurrent_activation);
  const std::size_t U = walk.U, N = walk.N;
  walk.begin();
  walk.start(carry_);
  walk.ahead([&](const Walk::Rows& rows) {
    float* z = walk.gates(rows.row);
    walk.multiply_recurrent(rows, 0, lstm_gates, 1.0f, z, N);
    if (keeps_input()) std::copy_n(z, rows.count * N, call[pre_activation_].data + rows.row * N);
    const float* c_before = walk.before(carry_, rows.row);
    float* a = call[activated_].data + rows.row * U;
    for (std::size_t k = 0; k < rows.count; ++k, z += N, a += U, c_before += U) {
      float* c = walk.after(carry_, rows.step, rows.position + k);
      float* h = walk.after(handles_.h, rows.step, rows.position + k);
      if (usual) {
        kernels::simd().lstm_forward(z, c_before, c, a, h, U);
        continue;
      }
      recurrent_activation.forward(z, z, 2, U);
      activation.forward(z + 2 * U, z + 2 * U, 1, U);
      recurrent_activation.forward(z + 3 * U, z + 3 * U, 1, U);
      const float *i = z, *f = z + U, *g = z + 2 * U, *o = z + 3 * U;
      for (std::size_t u = 0; u < U; ++u) c[u] = f[u] * c_before[u] + i[u] * g[u];
      activation.forward(c, a, 1, U);
      for (std::size_t u = 0; u < U; ++u) h[u] = o[u] * a[u];
    }
  });
  walk.finish();
  walk.keep(carry_);
}

void LSTM::backward(const BackwardCall& call) const {
  const Walk walk(call, handles_, {lstm_gates, config()});
  const CellActivation activation(options().activation), recurrent_activation(options().recurrent_activation);
  const bool usual = are_usual(activation, recurrent_activation);
  const std::size_t U = walk.U, N = walk.N;
  walk.begin_backward();
  std::fill_n(call[carry_.grad].data, walk.B * U, 0.0f);
  walk.back([&](const Walk::Rows& rows) {
    walk.add_output_grad(call, rows);
    for (std::size_t k = 0; k < rows.count; ++k) {
      const std::size_t row = rows.row + k, position = rows.position + k;
      float *z = walk.gates(row), *dh = call[handles_.h.grad].data + position * U,
            *dc = call[carry_.grad].data + position * U;
      const float *c_before = walk.before(carry_, row), *a = call[activated_].data + row * U;
      if (usual) {
        kernels::simd().lstm_backward(z, c_before, a, dh, dc, U);
        continue;
      }
      float* const dz = call[row_].data + position * (N + U);
      float *const di = dz, *const df = dz + U, *const dg = dz + 2 * U, *const d_o = dz + 3 * U, *const da = dz + 4 * U;
      const float *i = z, *f = z + U, *g = z + 2 * U, *o = z + 3 * U;
      const float* pre = keeps_input() ? call[pre_activation_].data + row * N : z;
      for (std::size_t u = 0; u < U; ++u) {
        d_o[u] = dh[u] * a[u];
        da[u] = dh[u] * o[u];
        dh[u] = 0.0f;
      }
      activation.backward(walk.after(carry_, rows.step, position), a, da, 1, U);
      for (std::size_t u = 0; u < U; ++u) {
        const float d = dc[u] + da[u];
        di[u] = d * g[u];
        df[u] = d * c_before[u];
        dg[u] = d * i[u];
        dc[u] = d * f[u];
      }
      recurrent_activation.backward(pre, z, dz, 2, U);
      activation.backward(pre + 2 * U, z + 2 * U, dg, 1, U);
      recurrent_activation.backward(pre + 3 * U, z + 3 * U, d_o, 1, U);
      std::copy_n(dz, N, z);
    }
    walk.add_recurrent_grad(rows, 0, lstm_gates, walk.gates(rows.row), N);
  });
  walk.add_recurrent_kernel_grad(call, 0, lstm_gates, walk.gates(0), N);
  walk.finish_backward(call);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(LSTM)
