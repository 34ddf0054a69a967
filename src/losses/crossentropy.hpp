#pragma once

#include "losses/mean_over_columns.hpp"

namespace xeras::losses {

// Crossentropies and their gradients over contiguous rows. Gradients are written unless their pointer is null.

// e(i) = -(y log p + (1 - y) log(1 - p)) with p clipped to [epsilon, 1 - epsilon]; g(i) = de(i)/dp(i). n <= block_size.
void binary_crossentropy(const float* y, const float* p, std::size_t n, float smoothing, float* e, float* g);
// The same with p = sigmoid(x).
void binary_crossentropy_of_logits(const float* y, const float* x, std::size_t n, float smoothing, float* e, float* g);

// -sum over c of y(c) log q(c), with q = p / sum p, clipped; dp (C).
float categorical_crossentropy(const float* y, const float* p, std::size_t C, double smoothing, float* dp);
// The same with q = softmax(x).
float categorical_crossentropy_of_logits(const float* y, const float* x, std::size_t C, double smoothing, float* dp);

// The same where y is 1 at one class and 0 elsewhere.
float sparse_categorical_crossentropy(std::size_t label, const float* p, std::size_t C, float* dp);
float sparse_categorical_crossentropy_of_logits(std::size_t label, const float* x, std::size_t C, float* dp);

}  // namespace xeras::losses
