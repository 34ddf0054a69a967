#pragma once

#include <algorithm>

#include "kernels/conv1d.hpp"
#include "xeras/layers/call.hpp"

namespace xeras::layers {

// A convolution without groups of vectors from an Embedding. Multiplies each distinct word by the taps once; each step
// sums the products of its words. Processes a panel of filters at a time, so the products need little memory. The sums
// have another order than in a convolution of all rows, so it is for training only, where results depend on the batch
// anyway.
class Conv1DByWord {
 public:
  // w (K, D, U); packed (conv1d_room).
  Conv1DByWord(const Call& call, const kernels::Conv1DSizes& sizes, const float* w, float* packed);

  // True when this is faster. The following functions require it.
  bool pays() const { return pays_; }

  // Calls use(first_filter, filters) for each panel of filters, which may call `sum` for them.
  template <class Use>
  void each_panel(const Use& use) const {
    pick_words();
    for (std::size_t u = 0; u < n_.U; u += panel_) {
      const std::size_t filters = std::min(panel_, n_.U - u);
      project(u, filters);
      use(u, filters);
    }
  }
  // Computes part.filters elements of each row of y (part.steps, ldy) of one sample; bias (U) or null.
  void sum(std::size_t sample, const kernels::Conv1DPart& part, const float* bias, float* y, std::size_t ldy) const;

  // Adds to dw (K, D, U) and sets dx (B, T, D) for dy (B, S, U); both may be null. The gradient of all occurrences of a
  // word goes to its first one.
  void backward(const Call& call, const float* dy, float* dw, float* dx) const;

 private:
  void pick_words() const;
  void project(std::size_t first_filter, std::size_t filters) const;
  // The positions of word i are places[begins[i]] to before places[begins[i + 1]].
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
  std::size_t panel_ = 0;   // filters, at most conv1d_panel
  float* words_ = nullptr;  // (words, D)
  float* given_ = nullptr;  // (words, K, filters): the products of a panel, or their gradient
};

}  // namespace xeras::layers
