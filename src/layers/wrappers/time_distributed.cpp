#include "xeras/layers/wrappers/time_distributed.hpp"

#include <fmt/format.h>

#include "core/shown.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

constexpr Child layer_within{0};

// Returns (batch * time, ...) for (batch, time, ...).
Extents steps_as_samples(const Extents& x) {
  Extents steps{x[0] * x[1]};
  for (std::size_t axis = 2; axis < x.rank(); ++axis) steps.push_back(x[axis]);
  return steps;
}

}  // namespace

TimeDistributed::TimeDistributed(TimeDistributedConfig config) : LayerWith(std::move(config)) {
  if (!this->config().layer) {
    throw InvalidArgument(fmt::format(
        "{}: layer is missing; expected the layer to apply to each step. Write TimeDistributed(Dense(4)).", who()));
  }
}

Spec TimeDistributed::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 3});
  const Dim batch = input.shape[0], time = input.shape[1];
  Spec step{input.shape.without_batch()};
  step.shape[0] = batch * time;
  const Spec result = builder.child(layer(), step, "layer");
  if (result.masked) {
    throw MaskError(fmt::format(
        "{}: {} \"{}\" makes a mask within each step, which cannot be passed on; expected a layer that makes none. Put "
        "Masking before the TimeDistributed, or StripMask() after it in an inner Sequential.",
        builder.who(), layer().class_name(), shown(layer().name())));
  }
  builder.activity_regularizer(options().activity_regularizer);
  builder.step_by_step();  // counts only if the inner layer declares it, too
  Spec output{result.shape.without_batch().with_batch(time).with_batch(batch)};
  output.masked = input.masked;
  return output;
}

void TimeDistributed::output_extents(const Extents& input, Extents& output) const {
  const Extents steps = layer().extents_after(steps_as_samples(input));
  output = {input[0], input[1]};
  for (std::size_t axis = 1; axis < steps.rank(); ++axis) output.push_back(steps[axis]);
}

void TimeDistributed::forward(const Call& call) const {
  const ConstView x = call.input();
  const View y = call.output();
  call.run(layer_within, {x.data, steps_as_samples(x.extents)}, {}, {y.data, steps_as_samples(y.extents)});
}

void TimeDistributed::backward(const BackwardCall& call) const {
  const View dy = call.output_grad();
  const Extents steps = steps_as_samples(call.input().extents);
  float* dx = call.wants_input_grad() ? call.input_grad().data : nullptr;
  call.run_backward(layer_within, {dy.data, steps_as_samples(dy.extents)}, {dx, steps});
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(TimeDistributed)
