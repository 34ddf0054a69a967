#include "kernels/long_sums.hpp"

#include <algorithm>

#include "kernels/simd.hpp"

namespace xeras::kernels {

void LongSums::put_aside() {
  if (is_long_) {
    simd().add_to_doubles(part(), totals(), n_);
  } else {
    std::copy_n(sums_, n_, totals());
  }
  std::fill_n(part(), n_, 0.0f);
  terms_ = 0;
  is_long_ = true;
}

void LongSums::finish() {
  if (!is_long_) return;
  for (std::size_t i = 0; i < n_; ++i) sums_[i] = static_cast<float>(totals()[i] + part()[i]);
}

}  // namespace xeras::kernels
