#include "xeras/layers/core/sampled_softmax.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "kernels/gemm.hpp"
#include "kernels/rows.hpp"
#include "kernels/simd.hpp"
#include "layers/core/log_uniform_sampler.hpp"
#include "layers/parallel_each.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

using kernels::simd;

SampledSoftmax::SampledSoftmax(SampledSoftmaxConfig config) : LayerWith(std::move(config)) {
  const std::int64_t units = this->config().units, sampled = options().num_sampled;
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  if (units < 2 || units > most) {
    throw InvalidArgument(fmt::format("{}: units is {}; expected 2 to {}, the number of classes.", who(), units, most));
  }
  if (sampled < 1 || sampled >= units) {
    throw InvalidArgument(
        fmt::format("{}: num_sampled is {} and units is {}; expected 1 to {}. With few classes, use Dense({}, "
                    "{{.activation = \"softmax\"}}).",
                    who(), sampled, units, units - 1, units));
  }
}

Spec SampledSoftmax::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  kernel_ = builder.weight("kernel", {config().units, input.last()}, options().kernel_initializer, {.lookup = true});
  if (options().use_bias) {
    bias_ = builder.weight("bias", {config().units}, options().bias_initializer, {.lookup = true});
  }
  builder.step_by_step();
  std::vector<Dim> rows(input.shape.begin(), input.shape.end() - 1);
  labels_ = builder.saved(Shape(rows));
  sampled_ = builder.saved({options().num_sampled});
  rows.emplace_back(1 + options().num_sampled);
  probabilities_ = builder.saved(Shape(std::move(rows)));
  Spec output = input;
  output.shape.last() = config().units;
  return output;
}

void SampledSoftmax::forward(const Call& call) const { call.training() ? sample(call) : predict(call); }

void SampledSoftmax::predict(const Call& call) const {
  const ConstView x = call.input();
  const auto B = static_cast<std::size_t>(x.extents.row_count()), D = static_cast<std::size_t>(x.extents.last()),
             U = static_cast<std::size_t>(config().units);
  float* const y = call.output().data;
  kernels::gemm(false, true, B, U, D, x.data, D, call[kernel_].data, D, 0.0f, y, U);
  const float* const bias = options().use_bias ? call[bias_].data : nullptr;
  parallel_for(B, 10 * U, [&](std::size_t begin, std::size_t end) {
    if (bias != nullptr) simd().add_bias(y + begin * U, bias, end - begin, U);
    simd().softmax(y + begin * U, y + begin * U, end - begin, U);
  });
}

// Computes the loss of each row among its label and the sampled classes.
void SampledSoftmax::sample(const Call& call) const {
  const ConstView x = call.input();
  const auto B = static_cast<std::size_t>(x.extents.row_count()), D = static_cast<std::size_t>(x.extents.last()),
             S = static_cast<std::size_t>(options().num_sampled), C = 1 + S;
  const float* const y_true = call.labels();
  if (y_true == nullptr) {
    throw Error(fmt::format(
        "{}: is in training and not the last layer of the model; expected it there, where it compares predictions with "
        "labels. Use Dense and an Activation(\"softmax\") elsewhere.",
        who()));
  }
  const IdsView labels = call.integers(labels_), sampled = call.integers(sampled_);
  // Rows without a valid label are masked or ignored, so any class does.
  const auto units = static_cast<float>(config().units);
  std::transform(y_true, y_true + B, labels.data,
                 [=](float y) { return y >= 0.0f && y < units ? static_cast<std::int32_t>(y) : 0; });
  const LogUniformSampler sampler(config().units);
  auto* const set = reinterpret_cast<std::int32_t*>(call.scratch(LogUniformSampler::room(S)));
  const std::int64_t draws = sampler.draw(call.random(options().seed), sampled.span(), set);

  const float* const kernel = call.lookup(kernel_, sampled.span()).data;
  call.lookup(kernel_, labels.span());
  const float* bias = nullptr;
  if (options().use_bias) {
    bias = call.lookup(bias_, sampled.span()).data;
    call.lookup(bias_, labels.span());
  }
  const auto bias_of = [=](std::int32_t id) { return bias != nullptr ? bias[id] : 0.0f; };
  float* const rows = call.scratch(S * D);
  kernels::gather_rows(kernel, sampled.data, rows, S, D);
  float* const offsets = call.scratch(S);
  parallel_each(S, 100, [&](std::size_t s) {
    offsets[s] = bias_of(sampled.data[s]) - sampler.log_expected(sampled.data[s], draws);
  });
  float* const p = call[probabilities_].data;
  kernels::gemm(false, true, B, S, D, x.data, D, rows, D, 0.0f, p + 1, C);
  float* const loss = call.output().data;
  parallel_each(B, D + 10 * C, [&](std::size_t b) {
    float* const row = p + b * C;
    const std::int32_t label = labels.data[b];
    row[0] = simd().dot(x.data + b * D, kernel + static_cast<std::size_t>(label) * D, D) + bias_of(label) -
             sampler.log_expected(label, draws);
    simd().axpy(1.0f, offsets, row + 1, S);
    // A sampled class that is the row's label does not count.
    for (std::size_t s = 0; s < S; ++s) {
      if (sampled.data[s] == label) row[1 + s] = -std::numeric_limits<float>::infinity();
    }
    simd().log_softmax(row, row, 1, C);
    loss[b] = -row[0];
    simd().exp(row, row, C);
  });
}

void SampledSoftmax::backward(const BackwardCall& call) const {
  const ConstView x = call.input();
  const auto B = static_cast<std::size_t>(x.extents.row_count()), D = static_cast<std::size_t>(x.extents.last()),
             S = static_cast<std::size_t>(options().num_sampled), C = 1 + S;
  if (call.labels() == nullptr) {
    throw Error(fmt::format("{}: has no gradient outside training; expected a step of fit or train_on_batch.", who()));
  }
  const IdsView labels = call.integers(labels_), sampled = call.integers(sampled_);
  const float* const dy = call.output_grad().data;
  float* const dz = call[probabilities_].data;
  parallel_each(B, C, [&](std::size_t b) {
    dz[b * C] -= 1.0f;
    simd().scale(dy[b], dz + b * C, C);
  });
  if (call.wants_input_grad()) {
    float* const dx = call.input_grad().data;
    const float* const kernel = call.lookup(kernel_, sampled.span()).data;
    float* const rows = call.scratch(S * D);
    kernels::gather_rows(kernel, sampled.data, rows, S, D);
    kernels::gemm(false, false, B, D, S, dz + 1, C, rows, D, 0.0f, dx, D);
    parallel_each(B, D, [&](std::size_t b) {
      simd().axpy(dz[b * C], kernel + static_cast<std::size_t>(labels.data[b]) * D, dx + b * D, D);
    });
  }
  float* const values = call.scratch(std::max(B, S) * std::max<std::size_t>(D, 1));
  if (call.wants_grad(kernel_)) {
    kernels::gemm(true, false, S, D, B, dz + 1, C, x.data, D, 0.0f, values, D);
    call.add_rows(kernel_, sampled.span(), values);
    parallel_each(B, D, [&](std::size_t b) { simd().affine(dz[b * C], x.data + b * D, 0.0f, values + b * D, D); });
    call.add_rows(kernel_, labels.span(), values);
  }
  if (options().use_bias && call.wants_grad(bias_)) {
    std::fill_n(values, S, 0.0f);
    kernels::add_rows_apart(dz + 1, C, values, B, S);
    call.add_rows(bias_, sampled.span(), values);
    for (std::size_t b = 0; b < B; ++b) values[b] = dz[b * C];
    call.add_rows(bias_, labels.span(), values);
  }
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(SampledSoftmax)
