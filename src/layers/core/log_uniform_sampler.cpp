#include "layers/core/log_uniform_sampler.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace xeras::layers {

LogUniformSampler::LogUniformSampler(std::int64_t classes)
    : classes_(classes), range_(std::log1p(static_cast<double>(classes))) {}

std::size_t LogUniformSampler::room(std::size_t count) { return std::bit_ceil(2 * count + 1); }

std::int64_t LogUniformSampler::draw(const RandomStream& random, std::span<std::int32_t> to, std::int32_t* set) const {
  const std::size_t size = room(to.size()), mask = size - 1;
  std::fill_n(set, size, -1);
  std::int64_t draws = 0;
  for (std::size_t count = 0; count < to.size(); ++draws) {
    const double value = std::exp(random.uniform(static_cast<std::uint64_t>(draws)) * range_) - 1.0;
    const auto id = static_cast<std::int32_t>(std::min(static_cast<std::int64_t>(value), classes_ - 1));
    std::size_t slot = static_cast<std::uint32_t>(id) * 0x9e3779b1u & mask;
    while (set[slot] >= 0 && set[slot] != id) slot = (slot + 1) & mask;
    if (set[slot] == id) continue;
    set[slot] = to[count++] = id;
  }
  return draws;
}

float LogUniformSampler::log_expected(std::int32_t id, std::int64_t draws) const {
  const double p = std::log1p(1.0 / (static_cast<double>(id) + 1.0)) / range_;
  return static_cast<float>(std::log(-std::expm1(static_cast<double>(draws) * std::log1p(-p))));
}

}  // namespace xeras::layers
