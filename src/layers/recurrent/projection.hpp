#pragma once

#include "layers/recurrent/timeline.hpp"
#include "layers/recurrent/walk_options.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// What the input gives to the gates, for all steps at once: gates (R, N) = x (R, D) . kernel + bias, with a row for
// each step in the order of the timeline. Where words come again and nothing tells one occurrence from another, only
// each distinct word goes through the product; the numbers of the gates are the same.
class Projection {
 public:
  Projection(const Call& call, const RecurrentHandles& handles, const WalkOptions& options, const Timeline& timeline);

  static void declare(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles);

  // Once the timeline has begun.
  void forward() const;
  // Once the gates' memory holds their gradients: those of the kernel, of the bias and of the input.
  void backward(const BackwardCall& call) const;

 private:
  // What goes through the product: the rows of the timeline, or the distinct words.
  struct Factor {
    std::size_t rows;
    const std::int32_t* places;  // of each row, where it stands in the input
    float* gates;                // (rows, N)
  };
  Factor factor() const;
  std::size_t word_of(std::size_t row) const {
    return static_cast<std::size_t>(repeats_.number[timeline_.source(row)]);
  }
  bool drops() const { return call_.training() && options_.dropout > 0.0; }
  std::size_t draws() const { return drops() ? options_.input_draws() : 1; }
  const float* scales(std::size_t draw) const;
  // x, or with this draw's dropout.
  const float* dropped_x(std::size_t draw) const;
  // The gradients of a word's gates: the sum over its rows.
  void sum_by_word(float* sums) const;
  void set_input_grad(const BackwardCall& call, const Factor& factor) const;

  const Call& call_;
  const RecurrentHandles& handles_;
  const WalkOptions& options_;
  const Timeline& timeline_;
  const std::size_t D, N;
  const Repeats repeats_;
  float* const by_word_;  // (words, N)
  float* const x_;        // (rows of the factor, D)
  float* const gates_;    // (R, N)
};

}  // namespace xeras::layers
