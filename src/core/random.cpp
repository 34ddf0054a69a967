#include "xeras/core/random.hpp"

#include <atomic>
#include <cmath>
#include <random>

namespace xeras {
namespace {

// The only global state, like Keras's global seed. It consists of two atomics so that threads may build models
// concurrently.
std::atomic<std::uint64_t>& seed() {
  static std::atomic<std::uint64_t> value{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()};
  return value;
}
std::atomic<std::uint64_t> drawn{0};

}  // namespace

void set_random_seed(std::uint64_t value) { set_random_state({value, 0}); }

RandomState random_state() { return {seed(), drawn}; }

void set_random_state(const RandomState& state) {
  seed() = state.seed;
  drawn = state.drawn;
}

std::uint64_t next_random_seed() { return RandomStream(seed()).bits(drawn++); }

double normal_quantile(double p) {
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179) /
           (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
  }
  double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  double z = 0.0;
  if (r <= 5.0) {
    r -= 1.6;
    z = (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777) /
        ((0.12021132975 * r + 0.73700164250) * r + 1.0);
  } else {
    r -= 5.0;
    z = (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150) /
        ((0.012258202635 * r + 0.24197894225) * r + 1.0);
  }
  return q < 0.0 ? -z : z;
}

}  // namespace xeras
