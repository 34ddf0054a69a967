// The optimizer updates of simd.hpp's table. Included by simd_impl.hpp only.

#pragma once

#include "kernels/simd_vector.hpp"

namespace xeras::kernels::XERAS_SIMD_ISA {
namespace {

XERAS_INLINE void put(float* p, V v) { store(p, v); }
XERAS_INLINE void put(const float*, V) {}
XERAS_INLINE void put(float* p, V v, const Part& part) { store(p, v, part); }
XERAS_INLINE void put(const float*, V, const Part&) {}

// Calls update for each vector of n elements of all arrays, and stores its results for the arrays that are not const.
// If n is not a multiple of W, the last vector overlaps the one before it, and is therefore read before anything is
// written. This is quicker than a partial vector, which would double the cost of a short row.
template <class F, class... P>
XERAS_INLINE void update_vectors(std::size_t n, F update, P*... arrays) {
  if (n < W) {
    if (n == 0) return;
    const Part part = first(n);
    const auto all = [&](auto... v) XERAS_LAMBDA {
      update(v...);
      (put(arrays, v, part), ...);
    };
    return all(load(arrays, part)...);
  }
  const auto all = [&](std::size_t i, auto... v) XERAS_LAMBDA {
    update(v...);
    (put(arrays + i, v), ...);
  };
  const auto finish = [&](auto... last) XERAS_LAMBDA {
    for (std::size_t i = 0; i + W < n; i += W) all(i, load(arrays + i)...);
    all(n - W, last...);
  };
  finish(load(arrays + n - W)...);
}

void sgd_momentum(float* w, float* v, const float* g, std::size_t n, float lr, float momentum, bool nesterov) {
  const auto update = [=](V& wi, V& vi, V gi) XERAS_LAMBDA {
    const V step = lr * gi;
    vi = mul_add(vi, momentum, -step);
    wi += nesterov ? mul_add(vi, momentum, -step) : vi;
  };
  update_vectors(n, update, w, v, g);
}

void rmsprop_catch_up(float* w, float* v, const float* g, std::size_t n, float lr, float decay, float share,
                      float epsilon) {
  const auto update = [=](V& wi, V& vi, V gi) XERAS_LAMBDA {
    vi = mul_add(vi, decay, share * (gi * gi));
    wi -= lr * gi / sqrt_of(vi + epsilon);
  };
  update_vectors(n, update, w, v, g);
}

void rmsprop(float* w, float* v, const float* g, std::size_t n, float lr, float rho, float epsilon) {
  rmsprop_catch_up(w, v, g, n, lr, rho, 1.0f - rho, epsilon);
}

void adam(float* w, float* m, float* v, const float* g, std::size_t n, float alpha, float one_minus_beta_1,
          float one_minus_beta_2, float epsilon) {
  const auto update = [=](V& wi, V& mi, V& vi, V gi) XERAS_LAMBDA {
    mi = mul_add(gi - mi, one_minus_beta_1, mi);
    vi = mul_add(mul_add(gi, gi, -vi), one_minus_beta_2, vi);
    wi -= alpha * mi / (sqrt_of(vi) + epsilon);
  };
  update_vectors(n, update, w, m, v, g);
}

void adam_catch_up(float* w, float* m, float* v, std::size_t n, const float* c, std::size_t terms, float m_decay,
                   float v_decay, float epsilon) {
  const auto update = [=](V& wi, V& mi, V& vi) XERAS_LAMBDA {
    const V inverse = 1.0f / (sqrt_of(vi) + epsilon);
    const V p = epsilon * inverse;
    V sum = splat(c[terms - 1]);
    for (std::size_t k = terms - 1; k-- > 0;) sum = mul_add(sum, p, splat(c[k]));
    wi = minus_product(wi, mi * inverse, sum);
    mi *= m_decay;
    vi *= v_decay;
  };
  update_vectors(n, update, w, m, v);
}

}  // namespace
}  // namespace xeras::kernels::XERAS_SIMD_ISA
