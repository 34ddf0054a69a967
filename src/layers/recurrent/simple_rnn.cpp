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
  row_ = builder.scratch({config().units});
  return declare_walk(builder, input, walk, handles_);
}

void SimpleRNN::forward(const Call& call) const {
  const Walk walk(call, handles_, {1, config()});
  const CellActivation activation(options().activation);
  walk.begin();
  for (std::size_t step = 0; step < walk.T; ++step) {
    float* z = walk.gates(step);
    walk.multiply_recurrent(step, 0, 1, 1.0f, z, walk.N);
    activation.forward(z, walk.before(handles_.h, step + 1), walk.B, walk.U);
    for (std::size_t row = 0; row < walk.B; ++row) {
      if (!walk.counts(step, row)) walk.carry_over(handles_.h, step, row);
    }
  }
  walk.finish();
}

void SimpleRNN::backward(const BackwardCall& call) const {
  const Walk walk(call, handles_, {1, config()});
  const CellActivation activation(options().activation);
  float* dh = call[handles_.h.grad].data;
  float* dz = call[row_].data;
  walk.begin_backward();
  for (std::size_t step = walk.T; step-- > 0;) {
    walk.add_output_grad(call, step);
    float* z = walk.gates(step);
    const float* h = walk.before(handles_.h, step + 1);
    for (std::size_t row = 0; row < walk.B; ++row) {
      const std::size_t at = row * walk.U;
      std::fill_n(dz, walk.U, 0.0f);
      if (walk.counts(step, row)) {
        std::swap_ranges(dz, dz + walk.U, dh + at);
        activation.backward(z + at, h + at, dz, 1, walk.U);
      }
      std::copy_n(dz, walk.U, z + at);
    }
    walk.add_recurrent_grad(0, 1, z, walk.N);
  }
  walk.add_recurrent_kernel_grad(call, 0, 1, walk.gates(0), walk.N);
  walk.add_bias_grad(call);
  walk.finish_backward(call);
}

}  // namespace xeras::layers
