#include "xeras/core/random.hpp"

#include <atomic>
#include <random>

namespace xeras {
namespace {

// The only state that outlives a model: Keras's global seed. Two atomics, so that threads may build models at once.
std::atomic<std::uint64_t>& seed() {
  static std::atomic<std::uint64_t> value{(std::uint64_t{std::random_device{}()} << 32) ^ std::random_device{}()};
  return value;
}
std::atomic<std::uint64_t> drawn{0};

}  // namespace

void set_random_seed(std::uint64_t value) {
  seed() = value;
  drawn = 0;
}

std::uint64_t next_random_seed() { return RandomStream(seed()).bits(drawn++); }

}  // namespace xeras
