#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

namespace xeras::optimizers {

/// The moves of a weight by postponed updates with momentum and weight decay, in which its gradient is 0.
///
/// With the velocity v after update s, update s + j first decays the weight and then moves it by momentum^j v. The
/// decay of later updates shrinks earlier moves, too, so the sum of the moves has no closed form where the decay
/// changes with the learning rate. Each update adds its term to the sums of the earlier s, as far back as momentum^j
/// matters. AdamCatchUp does the same for Adam.
///
///   catch_up.record(t, 0.01);  // after each update t: w -= 0.01 w, then w += momentum v
///   catch_up.sum(s);           // the updates after s together: w += sum v
class MomentumCatchUp {
 public:
  static constexpr std::int64_t longest = (1 << 14) - 1;  ///< the number of updates that records cover

  explicit MomentumCatchUp(double momentum) {
    constexpr double nothing = 1e-12;
    constexpr std::size_t most_steps = 4096;
    if (!(momentum > 0.0 && momentum < 1.0) || std::log(nothing) / std::log(momentum) > most_steps) return;
    for (double power = momentum; power > nothing; power *= momentum) powers_.push_back(power);
  }
  /// False without momentum, and for one so near 1 that too many earlier sums change in each update.
  bool exists() const { return !powers_.empty(); }
  /// Allocates the memory that `record` needs.
  void reserve() { sums_.resize(ring); }
  /// Records update number t.
  void record(std::int64_t t, double decay) {
    sums_.resize(ring);
    sums_[place(t)] = 0.0;
    const double kept = 1.0 - decay;
    for (std::int64_t j = 1; j <= std::min(t, steps()); ++j) {
      double& sum = sums_[place(t - j)];
      sum = kept * sum + powers_[static_cast<std::size_t>(j - 1)];
    }
  }
  void clear() { sums_.clear(); }
  /// Returns the number of updates after s that change the sum of s. The decay of later ones is missing there.
  std::int64_t steps() const { return std::ssize(powers_); }
  /// Returns the sum for all updates after update s, at most `longest` ago.
  double sum(std::int64_t s) const { return sums_[place(s)]; }

 private:
  static constexpr std::size_t ring = longest + 1;
  static std::size_t place(std::int64_t t) { return static_cast<std::size_t>(t) % ring; }

  std::vector<double> powers_;  // momentum^j, j from 1 on
  std::vector<double> sums_;    // by s modulo ring
};

}  // namespace xeras::optimizers
