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
  void reserve() { logs_.resize(ring); }
  /// Records update number t. A decay of 1 or more is not recorded, since no updates are postponed across it.
  void record(std::int64_t t, double decay) {
    logs_.resize(ring);
    logs_[place(t)] = logs_[place(t - 1)] + (decay < 1.0 ? std::log1p(-decay) : 0.0);
  }
  void clear() { logs_.clear(); }
  /// Returns the decay of updates first + 1 to last, at most `longest` of them.
  double operator()(std::int64_t first, std::int64_t last) const {
    return logs_.empty() || first == last ? 0.0 : -std::expm1(logs_[place(last)] - logs_[place(first)]);
  }

 private:
  static constexpr std::size_t ring = longest + 1;
  static std::size_t place(std::int64_t t) { return static_cast<std::size_t>(t) % ring; }

  std::vector<double> logs_;  // log((1 - decay) of all updates until t), by t modulo ring
};

}  // namespace xeras::optimizers
