#include "xeras/layers/recurrent/simple_rnn.hpp"

#include <algorithm>

#include "layers/recurrent/walk.hpp"

namespace xeras::layers {

SimpleRNN::SimpleRNN(SimpleRNNConfig config) : LayerWith(std::move(config)) {
  WalkOptions(1, this->config()).check(who());
}

Spec SimpleRNN::build(const Spec& input, Builder& builder) {
  const WalkOptions walk(1, config());
  declare_weights(builder, input, walk, options(), {config().units}, options().bias_initializer, handles_);
  row_ = builder.scratch({input.shape[0], config().units});
  return declare_walk(builder, input, walk, handles_);
}

void SimpleRNN::forward(const Call& call) const {
  const Walk walk(call, handles_, {1, config()});
  const CellActivation activation(options().activation);
  walk.begin();
  walk.ahead([&](const Walk::Rows& rows) {
    float* z = walk.gates(rows.row);
    walk.multiply_recurrent(rows, 0, 1, 1.0f, z, walk.N);
    for (std::size_t k = 0; k < rows.count; ++k) {
      activation.forward(z + k * walk.U, walk.after(handles_.h, rows.step, rows.position + k), 1, walk.U);
    }
  });
  walk.finish();
}

void SimpleRNN::backward(const BackwardCall& call) const {
  const Walk walk(call, handles_, {1, config()});
  const CellActivation activation(options().activation);
  const std::size_t U = walk.U;
  walk.begin_backward();
  walk.back([&](const Walk::Rows& rows) {
    walk.add_output_grad(call, rows);
    float* z = walk.gates(rows.row);
    for (std::size_t k = 0; k < rows.count; ++k) {
      const std::size_t position = rows.position + k;
      float *dh = call[handles_.h.grad].data + position * U, *dz = call[row_].data + position * U;
      std::copy_n(dh, U, dz);
      std::fill_n(dh, U, 0.0f);
      activation.backward(z + k * U, walk.after(handles_.h, rows.step, position), dz, 1, U);
      std::copy_n(dz, U, z + k * U);
    }
    walk.add_recurrent_grad(rows, 0, 1, z, walk.N);
  });
  walk.add_recurrent_kernel_grad(call, 0, 1, walk.gates(0), walk.N);
  walk.finish_backward(call);
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(SimpleRNN)
