// The LSTM and GRU steps of simd.hpp's table, with tanh and sigmoid. Included by simd_impl.hpp only.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

// Calls step(load, store, offset) for each vector of n elements; the last one may be partial.
template <class F>
XERAS_INLINE void each_vector(std::size_t n, F step) {
  std::size_t u = 0;
  for (; u + W <= n; u += W) {
    step([u](const float* p) XERAS_LAMBDA { return load(p + u); },
         [u](float* p, V v) XERAS_LAMBDA { store(p + u, v); });
  }
  if (u < n) {
    const Part rest = first(n - u);
    step([u, &rest](const float* p) XERAS_LAMBDA { return load(p + u, rest); },
         [u, &rest](float* p, V v) XERAS_LAMBDA { store(p + u, v, rest); });
  }
}

void lstm_forward(float* z, const float* c_before, float* c, float* a, float* h, std::size_t n) {
  each_vector(n, [=](auto get, auto set) XERAS_LAMBDA {
    const V i = sigmoid_of(get(z)), f = sigmoid_of(get(z + n)), g = tanh_of(get(z + 2 * n)),
            o = sigmoid_of(get(z + 3 * n));
    const V carry = mul_add(f, get(c_before), i * g);
    const V shown = tanh_of(carry);
    set(z, i);
    set(z + n, f);
    set(z + 2 * n, g);
    set(z + 3 * n, o);
    set(c, carry);
    set(a, shown);
    set(h, o * shown);
  });
}

void lstm_backward(float* z, const float* c_before, const float* a, float* dh, float* dc, std::size_t n) {
  const V one = splat(1.0f);
  each_vector(n, [=](auto get, auto set) XERAS_LAMBDA {
    const V i = get(z), f = get(z + n), g = get(z + 2 * n), o = get(z + 3 * n), shown = get(a), dy = get(dh);
    const V d = mul_add(dy * o, minus_product(one, shown, shown), get(dc));
    set(z, d * g * i * (1.0f - i));
    set(z + n, d * get(c_before) * f * (1.0f - f));
    set(z + 2 * n, d * i * minus_product(one, g, g));
    set(z + 3 * n, dy * shown * o * (1.0f - o));
    set(dc, d * f);
    set(dh, V{});
  });
}

void gru_forward(float* z, const float* recurrent, const float* h_before, float* h, std::size_t n) {
  each_vector(n, [=](auto get, auto set) XERAS_LAMBDA {
    const V update = sigmoid_of(get(z) + get(recurrent)), reset = sigmoid_of(get(z + n) + get(recurrent + n));
    const V candidate = tanh_of(mul_add(reset, get(recurrent + 2 * n), get(z + 2 * n)));
    set(z, update);
    set(z + n, reset);
    set(z + 2 * n, candidate);
    set(h, mul_add(update, get(h_before) - candidate, candidate));
  });
}

void gru_backward(float* z, float* inner, const float* h_before, float* dh, float* recurrent, std::size_t n) {
  const V one = splat(1.0f);
  each_vector(n, [=](auto get, auto set) XERAS_LAMBDA {
    const V update = get(z), reset = get(z + n), candidate = get(z + 2 * n), dy = get(dh);
    const V dz = dy * (get(h_before) - candidate) * update * (1.0f - update);
    const V dg = dy * (1.0f - update) * minus_product(one, candidate, candidate);
    const V dr = dg * get(inner) * reset * (1.0f - reset);
    set(z, dz);
    set(z + n, dr);
    set(z + 2 * n, dg);
    set(recurrent, dz);
    set(recurrent + n, dr);
    set(recurrent + 2 * n, dg * reset);
    set(inner, dg * reset);
    set(dh, dy * update);
  });
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
