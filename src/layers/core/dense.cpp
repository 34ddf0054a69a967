#include "xeras/layers/core/dense.hpp"

#include "core/parallel.hpp"
#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/packed_matrix.hpp"
#include "layers/window.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

Dense::Dense(DenseConfig config) : LayerWith(std::move(config)) {
  check_positive(who(), "units", this->config().units, "the size of the output");
}

Spec Dense::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  const DenseOptions& o = options();
  kernel_ = builder.weight("kernel", {input.last(), config().units}, o.kernel_initializer,
                           {.regularizer = o.kernel_regularizer, .constraint = o.kernel_constraint});
  packed_ = declare_packed(builder, kernel_, input.last(), config().units);
  if (o.use_bias) {
    bias_ = builder.weight("bias", {config().units}, o.bias_initializer,
                           {.regularizer = o.bias_regularizer, .constraint = o.bias_constraint});
  }
  builder.step_by_step();
  builder.activity_regularizer(o.activity_regularizer);
  Spec output = input;
  output.shape.last() = config().units;
  if (keeps_input()) pre_activation_ = builder.saved(output.shape);
  return output;
}

void Dense::forward(const Call& call) const {
  const Extents& x = call.input().extents;
  const auto B = static_cast<std::size_t>(x.row_count()), U = static_cast<std::size_t>(config().units);
  float *y = call.output().data, *z = keeps_input() ? call[pre_activation_].data : y;
  multiply(call, B, call.input().data, kernel_, packed_, z);
  parallel_for(B, 2 * U, [&](std::size_t begin, std::size_t end) {
    if (options().use_bias) kernels::simd().add_bias(z + begin * U, call[bias_].data, end - begin, U);
    if (has_activation()) options().activation->forward(z + begin * U, y + begin * U, end - begin, U);
  });
}

void Dense::backward(const BackwardCall& call) const {
  const Extents& x = call.input().extents;
  const auto B = static_cast<std::size_t>(x.row_count()), D = static_cast<std::size_t>(x.last()),
             U = static_cast<std::size_t>(config().units);
  float* dz = call.output_grad().data;
  if (has_activation()) {
    const float* z = keeps_input() ? call[pre_activation_].data : nullptr;
    options().activation->backward(z, call.output().data, dz, dz, B, U);
  }
  if (call.wants_grad(kernel_)) {
    kernels::gemm(true, false, D, U, B, call.input().data, D, dz, U, 1.0f, call.grad(kernel_).data, U);
  }
  if (options().use_bias && call.wants_grad(bias_)) kernels::add_rows(dz, call.grad(bias_).data, B, U);
  if (call.wants_input_grad()) {
    kernels::gemm(false, true, B, D, U, dz, U, call[kernel_].data, U, 0.0f, call.input_grad().data, D);
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(Dense)
