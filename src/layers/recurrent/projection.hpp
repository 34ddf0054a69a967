#pragma once

#include "layers/recurrent/timeline.hpp"
#include "layers/recurrent/walk_options.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// The contribution of the input to the gates, for all steps at once: gates (R, N) = x (R, D) . kernel + bias, with one
// row per step in the order of the timeline. Multiplies repeated words only once, unless dropout makes their rows
// differ. The results are the same.
class Projection {
 public:
  Projection(const Call& call, const RecurrentHandles& handles, const WalkOptions& options, const Timeline& timeline);

  static void declare(Builder& builder, const Spec& input, const WalkOptions& options, RecurrentHandles& handles);

  // Requires Timeline::begin.
  void forward() const;
  // Computes the gradients of kernel, bias and input from those of the gates, which overwrite the gates.
  void backward(const BackwardCall& call) const;

 private:
  // The left factor of the product: the rows of the timeline, or the distinct words.
  struct Factor {
    std::size_t rows;
    const std::int32_t* places;  // of the rows in the input
    float* gates;                // (rows, N)
  };
  Factor factor() const;
  std::size_t word_of(std::size_t row) const {
    return static_cast<std::size_t>(repeats_.number[timeline_.source(row)]);
  }
  bool drops() const { return call_.training() && options_.dropout > 0.0; }
  std::size_t draws() const { return drops() ? options_.input_draws() : 1; }
  const float* scales(std::size_t draw) const;
  // Returns x with the dropout of this draw, if any.
  const float* dropped_x(std::size_t draw) const;
  // Sums the gradients of the gates over the rows of each word.
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
