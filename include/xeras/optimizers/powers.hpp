#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace xeras::optimizers {

/// The powers of a base, with a table for small exponents.
///
///   const Powers half(0.5);  // half(3) is 0.125; half.sum(2) is 0.75
class Powers {
 public:
  explicit Powers(double base) : base_(base) {
    constexpr int most = 1024;
    for (int n = 0; n < most; ++n) table_.push_back(std::pow(base, n));
  }
  double operator()(std::int64_t n) const {
    const auto index = static_cast<std::size_t>(n);
    return index < table_.size() ? table_[index] : std::pow(base_, static_cast<double>(n));
  }
  /// Returns base + base^2 + ... + base^n.
  double sum(std::int64_t n) const {
    return base_ == 1.0 ? static_cast<double>(n) : base_ * (1.0 - (*this)(n)) / (1.0 - base_);
  }

 private:
  double base_;
  std::vector<double> table_;
};

}  // namespace xeras::optimizers
