#include "xeras/layers/normalization/batch_normalization.hpp"

#include <fmt/format.h>

#include <cmath>

#include "layers/axes.hpp"
#include "layers/window.hpp"
#include "xeras/core/error.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {
namespace {

// The number of features of a block: their sums, in double, stay in the cache while memory is read in rows.
constexpr std::int64_t block = 64;

// The sizes of the input as (outer, C, inner), where C is the normalized axis, and the elements of one step.
struct Sizes {
  std::int64_t outer = 1, C = 1, inner = 1, step = 1;

  Sizes(const Extents& x, std::size_t axis) : C(x[axis]) {
    for (std::size_t a = 0; a < x.rank(); ++a) {
      if (a != axis) (a < axis ? outer : inner) *= x[a];
      if (a >= 2) step *= x[a];
    }
  }

  // Calls f(element, feature - first) for the elements of `count` features that the mask, if any, does not exclude.
  template <class F>
  void for_each(std::int64_t first, std::int64_t count, const std::uint8_t* mask, F f) const {
    const bool one_step = C * inner <= step;  // else a row of features spans several steps
    for (std::int64_t row = 0; row < outer; ++row) {
      if (mask != nullptr && one_step && mask[row * C * inner / step] == 0) continue;
      if (inner == 1 && one_step) {
        for (std::int64_t k = 0; k < count; ++k) f(row * C + first + k, k);
        continue;
      }
      for (std::int64_t k = 0; k < count; ++k) {
        const std::int64_t start = (row * C + first + k) * inner;
        if (mask != nullptr && !one_step && mask[start / step] == 0) continue;
        for (std::int64_t i = start; i < start + inner; ++i) f(i, k);
      }
    }
  }

  // Calls f(first, count) for blocks of features, in several threads if it is worth it.
  template <class F>
  void for_each_block(F f) const {
    const auto blocks = static_cast<std::size_t>((C + block - 1) / block);
    constexpr std::size_t passes = 8;  // the work for an element, in floats that a loop processes
    parallel_each(blocks, static_cast<std::size_t>(outer * block * inner) * passes, [&](std::size_t b) {
      const std::int64_t first = static_cast<std::int64_t>(b) * block;
      f(first, std::min(block, C - first));
    });
  }
};

// Returns scratch memory for numbers of features.
std::span<double> doubles(const Call& call, std::int64_t count) {
  const auto size = static_cast<std::size_t>(count);
  return {reinterpret_cast<double*>(call.scratch(2 * size)), size};
}

// The number, mean and variance of the unmasked elements of each feature of the whole batch; 0 if there are none, as in
// Keras.
struct Moments {
  std::span<double> count, mean, variance;

  Moments(const Sizes& sizes, const Call& call)
      : count(doubles(call, sizes.C)), mean(doubles(call, sizes.C)), variance(doubles(call, sizes.C)) {
    const float* const x = call.input().data;
    const std::uint8_t* const mask = call.mask().data;
    sizes.for_each_block([&](std::int64_t first, std::int64_t features) {
      double sum[block] = {}, elements[block] = {};
      sizes.for_each(first, features, mask, [&](std::int64_t i, std::int64_t k) {
        sum[k] += x[i];
        elements[k] += 1.0;
      });
      std::copy_n(sum, features, mean.begin() + first);
      std::copy_n(elements, features, count.begin() + first);
    });
    call.sum_over_batch(mean);
    call.sum_over_batch(count);
    divide(mean);
    sizes.for_each_block([&](std::int64_t first, std::int64_t features) {
      double sum[block] = {}, center[block] = {};
      std::copy_n(mean.begin() + first, features, center);
      sizes.for_each(first, features, mask, [&](std::int64_t i, std::int64_t k) {
        const double distance = x[i] - center[k];
        sum[k] += distance * distance;
      });
      std::copy_n(sum, features, variance.begin() + first);
    });
    call.sum_over_batch(variance);
    divide(variance);
  }

 private:
  void divide(std::span<double> sums) const {
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] /= std::max(count[c], 1.0);
  }
};

}  // namespace

BatchNormalization::BatchNormalization(BatchNormalizationOptions options) : LayerWith(std::move(options)) {
  const BatchNormalizationOptions& o = config();
  if (!(o.momentum >= 0.0 && o.momentum <= 1.0)) {
    throw InvalidArgument(fmt::format(
        "{}: momentum is {}; expected a fraction in [0, 1]. It is the share of the moving mean that a step keeps.",
        who(), o.momentum));
  }
  check_at_least_0(who(), "epsilon", o.epsilon);
  const auto refuse = [&](const char* option, bool value, const char* advice) {
    if (!value) return;
    throw InvalidArgument(
        fmt::format("{}: {} is true, which is not supported; expected false. {}", who(), option, advice));
  };
  refuse("renorm", o.renorm, "LayerNormalization does not depend on the batch at all.");
  refuse("synchronized", o.synchronized, "There is one device, and nothing to synchronize with.");
}

Spec BatchNormalization::build(const Spec& input, Builder& builder) {
  builder.expect(input, {.min_rank = 2});
  builder.uses_mask();
  builder.ignores_masked_steps();
  const BatchNormalizationOptions& o = config();
  const AxisSet axes = sample_axes(builder, "axis", o.axis, input.shape);
  require_known(builder, axes, input.shape);
  axis_ = static_cast<std::size_t>(o.axis < 0 ? o.axis + static_cast<std::int64_t>(input.shape.rank()) : o.axis);
  const Shape features{input.shape[axis_]};
  if (o.scale) {
    gamma_ = builder.weight("gamma", features, o.gamma_initializer,
                            {.regularizer = o.gamma_regularizer, .constraint = o.gamma_constraint});
  }
  if (o.center) {
    beta_ = builder.weight("beta", features, o.beta_initializer,
                           {.regularizer = o.beta_regularizer, .constraint = o.beta_constraint});
  }
  moving_mean_ = builder.weight("moving_mean", features, o.moving_mean_initializer, {.trainable = false});
  moving_variance_ = builder.weight("moving_variance", features, o.moving_variance_initializer, {.trainable = false});
  for (Buffer* buffer : {&mean_, &inverse_, &share_}) *buffer = builder.saved(features);
  return input;
}

void BatchNormalization::forward(const Call& call) const {
  const BatchNormalizationOptions& o = config();
  const ConstView x = call.input();
  if (x.size() == 0) return;
  const Sizes sizes(x.extents, axis_);
  const bool learns = call.training() && trainable();
  const float *moving_mean = call[moving_mean_].data, *moving_variance = call[moving_variance_].data;
  float* new_mean = learns ? call.update(moving_mean_).data : nullptr;
  float* new_variance = learns ? call.update(moving_variance_).data : nullptr;
  float *mean = call[mean_].data, *inverse = call[inverse_].data, *share = call[share_].data;
  float* y = call.output().data;
  if (learns) {
    const Moments batch(sizes, call);
    const auto moved = [&](double from, double to) {
      return static_cast<float>(o.momentum * from + (1.0 - o.momentum) * to);
    };
    for (std::size_t c = 0; c < batch.count.size(); ++c) {
      new_mean[c] = moved(moving_mean[c], batch.mean[c]);
      new_variance[c] = moved(moving_variance[c], batch.variance[c]);
      mean[c] = static_cast<float>(batch.mean[c]);
      inverse[c] = static_cast<float>(1.0 / std::sqrt(batch.variance[c] + o.epsilon));
      share[c] = batch.count[c] > 0.0 ? static_cast<float>(1.0 / batch.count[c]) : 0.0f;
    }
  } else {
    for (std::int64_t c = 0; c < sizes.C; ++c) {
      mean[c] = moving_mean[c];
      inverse[c] = static_cast<float>(1.0 / std::sqrt(moving_variance[c] + o.epsilon));
      share[c] = 0.0f;
    }
  }
  sizes.for_each_block([&](std::int64_t first, std::int64_t count) {
    float gain[block], shift[block];
    for (std::int64_t k = 0; k < count; ++k) {
      gain[k] = o.scale ? inverse[first + k] * call[gamma_].data[first + k] : inverse[first + k];
      shift[k] = o.center ? call[beta_].data[first + k] : 0.0f;
    }
    sizes.for_each(first, count, nullptr,
                   [&](std::int64_t i, std::int64_t k) { y[i] = (x.data[i] - mean[first + k]) * gain[k] + shift[k]; });
  });
}

// With h = (x - mean) * inverse and n unmasked elements:
// dx = gamma * inverse * (dy - (sum(dy) + h * sum(dy * h)) / n), where masked elements have only the first term.
void BatchNormalization::backward(const BackwardCall& call) const {
  const BatchNormalizationOptions& o = config();
  const ConstView x = call.input();
  if (x.size() == 0) return;
  const Sizes sizes(x.extents, axis_);
  const float* dy = call.output_grad().data;
  const float *mean = call[mean_].data, *inverse = call[inverse_].data, *share = call[share_].data;
  const auto normalized = [&](std::int64_t i, std::int64_t c) { return (x.data[i] - mean[c]) * inverse[c]; };
  const std::span<double> dy_sums = doubles(call, sizes.C), dyh_sums = doubles(call, sizes.C);
  sizes.for_each_block([&](std::int64_t first, std::int64_t count) {
    double dy_sum[block] = {}, dyh_sum[block] = {};
    sizes.for_each(first, count, nullptr, [&](std::int64_t i, std::int64_t k) {
      dy_sum[k] += dy[i];
      dyh_sum[k] += dy[i] * normalized(i, first + k);
    });
    std::copy_n(dy_sum, count, dy_sums.begin() + first);
    std::copy_n(dyh_sum, count, dyh_sums.begin() + first);
  });
  const bool gamma_learns = o.scale && call.wants_grad(gamma_), beta_learns = o.center && call.wants_grad(beta_);
  for (std::size_t c = 0; c < dy_sums.size(); ++c) {
    if (gamma_learns) call.grad(gamma_).data[c] += static_cast<float>(dyh_sums[c]);
    if (beta_learns) call.grad(beta_).data[c] += static_cast<float>(dy_sums[c]);
  }
  if (!call.wants_input_grad()) return;
  if (trainable()) {
    call.sum_over_batch(dy_sums);
    call.sum_over_batch(dyh_sums);
  }
  float* dx = call.input_grad().data;
  sizes.for_each_block([&](std::int64_t first, std::int64_t count) {
    float gain[block], dy_mean[block], dyh_mean[block];
    for (std::int64_t k = 0; k < count; ++k) {
      const auto c = static_cast<std::size_t>(first + k);
      gain[k] = o.scale ? inverse[c] * call[gamma_].data[c] : inverse[c];
      dy_mean[k] = static_cast<float>(dy_sums[c] * share[c]);
      dyh_mean[k] = static_cast<float>(dyh_sums[c] * share[c]);
    }
    sizes.for_each(first, count, nullptr, [&](std::int64_t i, std::int64_t k) { dx[i] = gain[k] * dy[i]; });
    if (share[first] == 0.0f && call.mask().data == nullptr) return;
    sizes.for_each(first, count, call.mask().data, [&](std::int64_t i, std::int64_t k) {
      dx[i] -= gain[k] * (dy_mean[k] + normalized(i, first + k) * dyh_mean[k]);
    });
  });
}

}  // namespace xeras::layers

XERAS_DEFINE_LAYER(BatchNormalization)
