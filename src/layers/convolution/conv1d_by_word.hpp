#pragma once

#include <algorithm>

#include "kernels/conv1d.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// A convolution without groups of what an Embedding made of words: each distinct word meets the taps once, and a step
// adds up what its words gave. A few filters at a time, so that what the words gave stays small. It sums in
// another order than a convolution of the rows, so that it is for training, where the rest of a batch counts anyway.
class Conv1DByWord {
 public:
  // w (K, D, U); packed has conv1d_room floats.
  Conv1DByWord(const Call& call, const kernels::Conv1DSizes& sizes, const float* w, float* packed);

  // Whether it is faster. What follows is for where it is.
  bool pays() const { return pays_; }

  // Calls use(first_filter, filters) for a panel of filters after the other; then `sum` knows these.
  template <class Use>
  void each_panel(const Use& use) const {
    pick_words();
    for (std::size_t u = 0; u < n_.U; u += panel_) {
      const std::size_t filters = std::min(panel_, n_.U - u);
      project(u, filters);
      use(u, filters);
    }
  }
  // y (part.steps, ldy) of one sample, part.filters of each row; bias (U) or null.
  void sum(std::size_t sample, const kernels::Conv1DPart& part, const float* bias, float* y, std::size_t ldy) const;

  // dw (K, D, U), or null, += what dy (B, S, U) gives by way of the words; dx (B, T, D), or null, = the same by way of
  // w, all of a word's at the first place where it stands.
  void backward(const Call& call, const float* dy, float* dw, float* dx) const;

 private:
  void pick_words() const;
  void project(std::size_t first_filter, std::size_t filters) const;
  // The places of each word: of word i those from begins[i] to before begins[i + 1].
  struct Places {
    const std::int32_t* begins;
    const std::int32_t* places;
  };
  void collect(const Places& of, const float* dy, std::size_t first_filter, std::size_t filters) const;

  const kernels::Conv1DSizes n_;
  const float* const x_;  // (B, T, D)
  const float* const w_;
  float* const packed_;
  Repeats repeats_;
  bool pays_ = false;
  std::size_t panel_ = 0;   // filters, conv1d_panel at most
  float* words_ = nullptr;  // (words, D)
  float* given_ = nullptr;  // (words, K, filters): what words give to a panel; backward, its gradient
};

}  // namespace xeras::layers
