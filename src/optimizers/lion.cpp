#include "xeras/optimizers/lion.hpp"

#include <algorithm>
#include <limits>

#include "kernels/simd.hpp"

namespace xeras::optimizers {
namespace {

constexpr float smallest = std::numeric_limits<float>::min();  // a smaller momentum counts as 0

float sign(float x) { return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x; }

}  // namespace

Lion::Lion(LionOptions options)
    : OptimizerWith("Lion", std::move(options)), beta_2_powers_(static_cast<float>(config().beta_2)) {
  const LionOptions& given = config();
  require(given.beta_1 > 0.0 && given.beta_1 <= 1.0, "Lion", "beta_1", given.beta_1, "a number in (0, 1]");
  require(given.beta_2 >= 0.0 && given.beta_2 <= 1.0, "Lion", "beta_2", given.beta_2, "a number from 0 to 1");
}

std::vector<Lion::Slot> Lion::slots(const Parameter&) const { return {{.name = "momentum"}}; }

void Lion::update(const Step& step, const Stretch& part) const {
  const auto rate = static_cast<float>(step.learning_rate);
  const auto beta_1 = static_cast<float>(config().beta_1), beta_2 = static_cast<float>(config().beta_2);
  float* const m = part.slots[0];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float g = part.g[i];
    part.w[i] -= rate * sign(g == 0.0f ? m[i] : beta_1 * m[i] + (1.0f - beta_1) * g);
    m[i] = beta_2 * m[i] + (1.0f - beta_2) * g;
    if (std::abs(m[i]) < smallest) m[i] = 0.0f;
  }
}

void Lion::record(const Step& step) {
  moves_.resize(ring);
  moves_[place(step.number)] = (1.0 - decay_of(step)) * moves_[place(step.number - 1)] + step.learning_rate;
}

// Returns how far updates first + 1 to last bring a weight that always moves in the same direction.
double Lion::move(std::int64_t first, std::int64_t last) const {
  return moves_[place(last)] - (1.0 - decay_of(first, last)) * moves_[place(first)];
}

// Without gradient the momentum keeps its sign, until it is too small for a float.
void Lion::apply_postponed(const Postponed& postponed, const Stretch& part) const {
  const std::int64_t first = postponed.last, last = first + postponed.count;
  const auto by_all = static_cast<float>(move(first, last)), left = static_cast<float>(beta_2_powers_(postponed.count));
  if (postponed.decay != 0.0) {
    kernels::simd().axpy(static_cast<float>(-postponed.decay), part.w, part.w, part.size);
  }
  float* const m = part.slots[0];
  for (std::size_t i = 0; i < part.size; ++i) {
    const float size = std::abs(m[i]);
    if (size * left >= smallest || size == 0.0f) {
      part.w[i] -= by_all * sign(m[i]);
      m[i] *= left;
      continue;
    }
    // The number of updates that begin with a momentum of at least `smallest`.
    const double updates = 1.0 + std::floor(std::log(smallest / size) / std::log(beta_2_powers_(1)));
    const std::int64_t end = first + std::clamp(static_cast<std::int64_t>(updates), std::int64_t{1}, postponed.count);
    part.w[i] -= static_cast<float>((1.0 - decay_of(end, last)) * move(first, end)) * sign(m[i]);
    m[i] = 0.0f;
  }
}

}  // namespace xeras::optimizers
