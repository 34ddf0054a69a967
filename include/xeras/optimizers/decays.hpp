#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace xeras::optimizers {

/// The weight decay of the last updates, for rows that catch up with several updates at once.
///
///   decays.record(t, 0.01);  // after update t: w -= 0.01 w
///   decays(s, t);            // updates s + 1 to t together: w -= decays(s, t) w
class Decays {
 public:
  static constexpr std::int64_t longest = (1 << 14) - 1;  ///< the number of updates that records cover

  /// Allocates the memory that `record` needs.
  void reserve() { kept_.resize(ring); }
  /// Records update number t. A decay of 1 or more is not recorded, since no updates are postponed across it.
  void record(std::int64_t t, double decay) {
    kept_.resize(ring);
    Product now = kept_[place(t - 1)];
    if (decay < 1.0) now.fraction *= 1.0 - decay;
    int exponent = 0;
    now.fraction = std::frexp(now.fraction, &exponent);
    now.exponent += exponent;
    kept_[place(t)] = now;
  }
  void clear() { kept_.clear(); }
  /// Returns the decay of updates first + 1 to last, at most `longest` of them.
  double operator()(std::int64_t first, std::int64_t last) const {
    if (kept_.empty() || first == last) return 0.0;
    const Product &before = kept_[place(first)], &after = kept_[place(last)];
    const double kept = after.fraction / before.fraction;
    const int exponent = after.exponent - before.exponent;
    return 1.0 - (exponent == 0 ? kept : std::ldexp(kept, exponent));
  }

 private:
  // A product of thousands of factors, which may be too small for a double.
  struct Product {
    double fraction = 1.0;
    int exponent = 0;
  };
  static constexpr std::size_t ring = longest + 1;
  static std::size_t place(std::int64_t t) { return static_cast<std::size_t>(t) % ring; }

  std::vector<Product> kept_;  // the product of 1 - decay of all updates until t, by t modulo ring
};

}  // namespace xeras::optimizers
