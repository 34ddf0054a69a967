#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "xeras/xeras.hpp"

// A layer as a user writes it from docs/adding_a_layer.md alone: multi-head self-attention, whose shares (batch, heads,
// time, time) have an open axis twice.
namespace probe {

using namespace xeras;
using namespace xeras::layers;

// [two structs]
struct SelfAttentionOptions {
  bool causal = false;
  InitializerArgument kernel_initializer = "glorot_uniform";
  InitializerArgument bias_initializer = "zeros";
  Shape input_shape = {};
  std::string name = {};
  bool trainable = true;
};
XERAS_FIELDS(SelfAttentionOptions, causal, kernel_initializer, bias_initializer, input_shape, name, trainable)

struct SelfAttentionConfig {
  std::int64_t heads = 1;
  std::int64_t key_dim = 1;
  SelfAttentionOptions options = {};
};
XERAS_FIELDS(SelfAttentionConfig, heads, key_dim, options)
// [two structs]

// The sizes of one call. All heads together have `units` columns.
struct Sizes {
  std::int64_t batch, time, features, heads, dim;
  std::int64_t units() const { return heads * dim; }
  std::int64_t rows() const { return batch * time; }
  std::int64_t at(std::int64_t b, std::int64_t t, std::int64_t h) const { return (b * time + t) * units() + h * dim; }
};

// c = a b, with a (n, k) and b (k, m).
inline void multiply(const float* a, const float* b, float* c, std::int64_t n, std::int64_t k, std::int64_t m) {
  std::fill_n(c, n * m, 0.0f);
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < k; ++j) {
      for (std::int64_t l = 0; l < m; ++l) c[i * m + l] += a[i * k + j] * b[j * m + l];
    }
  }
}

// c += a^T b, with a (n, k) and b (n, m): the gradient of a kernel.
inline void add_kernel_gradient(const float* a, const float* b, float* c, std::int64_t n, std::int64_t k,
                                std::int64_t m) {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t j = 0; j < k; ++j) {
      for (std::int64_t l = 0; l < m; ++l) c[j * m + l] += a[i * k + j] * b[i * m + l];
    }
  }
}

// c += a b^T, with a (n, k) and b (m, k): the gradient of an input.
inline void add_input_gradient(const float* a, const float* b, float* c, std::int64_t n, std::int64_t k,
                               std::int64_t m) {
  for (std::int64_t i = 0; i < n; ++i) {
    for (std::int64_t l = 0; l < m; ++l) {
      for (std::int64_t j = 0; j < k; ++j) c[i * m + l] += a[i * k + j] * b[l * k + j];
    }
  }
}

// In each head: shares = softmax over s of q(t) . k(s) / sqrt(key_dim), of the steps s that step t sees;
// context(t) = sum over s of shares(t, s) v(s). The output is context . output + bias, with the heads side by side.
// A step that sees none has context 0.
class SelfAttention final : public LayerWith<SelfAttentionConfig> {
 public:
  SelfAttention(std::int64_t heads, std::int64_t key_dim, SelfAttentionOptions options = {})
      : SelfAttention(SelfAttentionConfig{heads, key_dim, std::move(options)}) {}
  explicit SelfAttention(SelfAttentionConfig config) : LayerWith(std::move(config)) {
    require_positive("heads", this->config().heads);
    require_positive("key_dim", this->config().key_dim);
  }

  Spec build(const Spec& input, Builder& builder) override {
    builder.expect(input, {.rank = 3});
    const std::int64_t heads = config().heads, units = heads * config().key_dim;
    const Dim batch = input.shape[0], time = input.shape[1];
    static constexpr std::array names = {"query", "key", "value"};
    for (std::size_t i = 0; i < names.size(); ++i) {
      kernels_[i] = builder.weight(names[i], {input.last(), units}, options().kernel_initializer);
      projected_[i] = builder.saved({batch, time, units});
      projected_grads_[i] = builder.scratch({batch, time, units});
    }
    output_kernel_ = builder.weight("output", {units, input.last()}, options().kernel_initializer);
    bias_ = builder.weight("bias", {input.last()}, options().bias_initializer);
    shares_ = builder.saved({batch, heads, time, time});
    context_ = builder.saved({batch, time, units});
    context_grad_ = builder.scratch({batch, time, units});
    builder.uses_mask();
    builder.ignores_masked_steps();
    return input;
  }

  void forward(const Call& call) const override {
    const ConstView x = call.input();
    const Sizes sizes = sizes_of(x);
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      multiply(x.data, call[kernels_[i]].data, call[projected_[i]].data, sizes.rows(), sizes.features, sizes.units());
    }
    const float* const q = call[projected_[0]].data;
    const float* const k = call[projected_[1]].data;
    const float* const v = call[projected_[2]].data;
    float* const context = call[context_].data;
    std::fill_n(context, sizes.rows() * sizes.units(), 0.0f);
    for_each_query(call, sizes, [&](std::int64_t b, std::int64_t h, std::int64_t t, float* shares) {
      const std::int64_t to = sizes.at(b, t, h);
      float largest = -std::numeric_limits<float>::infinity();
      for (std::int64_t s = 0; s < sizes.time; ++s) {
        shares[s] = 0.0f;
        if (!sees(call.mask(), sizes, b, t, s)) continue;
        for (std::int64_t d = 0; d < sizes.dim; ++d) shares[s] += scale() * q[to + d] * k[sizes.at(b, s, h) + d];
        largest = std::max(largest, shares[s]);
      }
      float sum = 0.0f;
      for (std::int64_t s = 0; s < sizes.time; ++s) {
        shares[s] = sees(call.mask(), sizes, b, t, s) ? std::exp(shares[s] - largest) : 0.0f;
        sum += shares[s];
      }
      if (sum == 0.0f) return;
      for (std::int64_t s = 0; s < sizes.time; ++s) {
        shares[s] /= sum;
        for (std::int64_t d = 0; d < sizes.dim; ++d) context[to + d] += shares[s] * v[sizes.at(b, s, h) + d];
      }
    });
    multiply(context, call[output_kernel_].data, call.output().data, sizes.rows(), sizes.units(), sizes.features);
    // A loop, since an assignment to matrix() makes a temporary array, and a warm call must not allocate.
    const float* const bias = call[bias_].data;
    for (std::int64_t i = 0; i < call.output().size(); ++i) call.output().data[i] += bias[i % sizes.features];
  }

  void backward(const BackwardCall& call) const override {
    const ConstView x = call.input();
    const Sizes sizes = sizes_of(x);
    const std::int64_t rows = sizes.rows(), features = sizes.features, units = sizes.units();
    const View dy = call.output_grad();
    if (call.wants_grad(bias_)) call.grad(bias_).flat() += xt::sum(dy.matrix(), {0});
    if (call.wants_grad(output_kernel_)) {
      add_kernel_gradient(call[context_].data, dy.data, call.grad(output_kernel_).data, rows, units, features);
    }
    float* const dcontext = zeroed(call[context_grad_]);
    add_input_gradient(dy.data, call[output_kernel_].data, dcontext, rows, features, units);

    const float* const q = call[projected_[0]].data;
    const float* const k = call[projected_[1]].data;
    const float* const v = call[projected_[2]].data;
    float* const dq = zeroed(call[projected_grads_[0]]);
    float* const dk = zeroed(call[projected_grads_[1]]);
    float* const dv = zeroed(call[projected_grads_[2]]);
    float* const dshares = call.scratch(static_cast<std::size_t>(sizes.time));
    for_each_query(call, sizes, [&](std::int64_t b, std::int64_t h, std::int64_t t, const float* shares) {
      const std::int64_t to = sizes.at(b, t, h);
      float mean = 0.0f;
      for (std::int64_t s = 0; s < sizes.time; ++s) {
        const std::int64_t from = sizes.at(b, s, h);
        dshares[s] = 0.0f;
        for (std::int64_t d = 0; d < sizes.dim; ++d) {
          dshares[s] += dcontext[to + d] * v[from + d];
          dv[from + d] += shares[s] * dcontext[to + d];
        }
        mean += shares[s] * dshares[s];
      }
      for (std::int64_t s = 0; s < sizes.time; ++s) {
        const std::int64_t from = sizes.at(b, s, h);
        const float dscore = scale() * shares[s] * (dshares[s] - mean);
        for (std::int64_t d = 0; d < sizes.dim; ++d) {
          dq[to + d] += dscore * k[from + d];
          dk[from + d] += dscore * q[to + d];
        }
      }
    });
    if (call.wants_input_grad()) zeroed(call.input_grad());
    for (std::size_t i = 0; i < kernels_.size(); ++i) {
      const float* const grad = call[projected_grads_[i]].data;
      if (call.wants_grad(kernels_[i])) {
        add_kernel_gradient(x.data, grad, call.grad(kernels_[i]).data, rows, features, units);
      }
      if (call.wants_input_grad()) {
        add_input_gradient(grad, call[kernels_[i]].data, call.input_grad().data, rows, units, features);
      }
    }
  }

 private:
  void require_positive(const char* option, std::int64_t value) const {
    if (value > 0) return;
    throw InvalidArgument(who() + ": " + option + " is " + std::to_string(value) + "; expected a positive integer.");
  }

  static float* zeroed(const View& view) {
    std::fill_n(view.data, view.size(), 0.0f);
    return view.data;
  }

  Sizes sizes_of(const ConstView& x) const {
    return {x.extents[0], x.extents[1], x.extents[2], config().heads, config().key_dim};
  }

  float scale() const { return 1.0f / std::sqrt(static_cast<float>(config().key_dim)); }

  bool sees(const MaskView& mask, const Sizes& sizes, std::int64_t b, std::int64_t t, std::int64_t s) const {
    return (!options().causal || s <= t) && (mask.data == nullptr || mask.data[b * sizes.time + s] != 0);
  }

  // Calls body(b, h, t, the shares of this step in this head).
  template <class Body>
  void for_each_query(const Call& call, const Sizes& sizes, const Body& body) const {
    float* shares = call[shares_].data;
    for (std::int64_t b = 0; b < sizes.batch; ++b) {
      for (std::int64_t h = 0; h < sizes.heads; ++h) {
        for (std::int64_t t = 0; t < sizes.time; ++t, shares += sizes.time) body(b, h, t, shares);
      }
    }
  }

  std::array<Weight, 3> kernels_{};          // (features, heads * key_dim): of queries, keys, values
  Weight output_kernel_{};                   // (heads * key_dim, features)
  Weight bias_{};                            // (features)
  std::array<Buffer, 3> projected_{};        // (batch, time, heads * key_dim): queries, keys, values
  std::array<Buffer, 3> projected_grads_{};  // the same
  Buffer shares_{};                          // (batch, heads, time, time)
  Buffer context_{};                         // (batch, time, heads * key_dim)
  Buffer context_grad_{};                    // the same
};

}  // namespace probe
