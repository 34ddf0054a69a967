#include "xeras/optimizers/adafactor.hpp"

#include <algorithm>

namespace xeras::optimizers {
namespace {

double rms(const float* x, std::size_t size) {
  double squares = 0.0;
  for (std::size_t i = 0; i < size; ++i) squares += static_cast<double>(x[i]) * x[i];
  return std::sqrt(squares / static_cast<double>(size));
}

}  // namespace

Adafactor::Adafactor(AdafactorOptions options) : OptimizerWith("Adafactor", std::move(options)) {
  const AdafactorOptions& given = config();
  require(given.beta_2_decay <= 0.0 && std::isfinite(given.beta_2_decay), "Adafactor", "beta_2_decay",
          given.beta_2_decay, "a finite number <= 0");
  require_not_negative("Adafactor", "epsilon_1", given.epsilon_1);
  require_not_negative("Adafactor", "epsilon_2", given.epsilon_2);
  require(given.clip_threshold > 0.0, "Adafactor", "clip_threshold", given.clip_threshold, "a positive number");
}

std::vector<Adafactor::Slot> Adafactor::slots(const Parameter& parameter) const {
  const Extents& extents = parameter.extents;
  Slot r{.name = "r", .extents = Extents{}}, c{.name = "c", .extents = Extents{}};
  r.is_placeholder = c.is_placeholder = extents.rank() < 2;
  for (std::size_t axis = 0; extents.rank() >= 2 && axis < extents.rank(); ++axis) {
    if (axis + 1 != extents.rank()) r.extents->push_back(extents[axis]);
    if (axis + 2 != extents.rank()) c.extents->push_back(extents[axis]);
  }
  return {std::move(r), std::move(c), {.name = "velocity"}};
}

void Adafactor::reserve_scratch(const Parameter& parameter) {
  if (parameter.extents.rank() < 2) return;
  sums_.resize(std::max(sums_.size(), static_cast<std::size_t>(parameter.extents.last())));
}

// The products of r and c underflow in float where both are epsilon_1: a root of 0 would turn a gradient of 0 into NaN.
void Adafactor::update_matrix(double beta_2, const float* g, float* r, float* c, float* v, std::size_t rows,
                              std::size_t columns) const {
  const double epsilon = config().epsilon_1;
  std::fill_n(sums_.begin(), columns, 0.0);
  double r_sum = 0.0;
  for (std::size_t i = 0; i < rows; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < columns; ++j) {
      const double x = g[i * columns + j], square = x * x + epsilon;
      sum += square;
      sums_[j] += square;
    }
    r[i] = static_cast<float>(beta_2 * r[i] + (1.0 - beta_2) * sum / static_cast<double>(columns));
    r_sum += r[i];
  }
  for (std::size_t j = 0; j < columns; ++j) {
    c[j] = static_cast<float>(beta_2 * c[j] + (1.0 - beta_2) * sums_[j] / static_cast<double>(rows));
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const double share = r[i] / (r_sum / static_cast<double>(rows));
    for (std::size_t j = 0; j < columns; ++j) v[i * columns + j] = static_cast<float>(share * c[j]);
  }
}

void Adafactor::update(const Step& step, const Stretch& all) const {
  const auto t = static_cast<double>(step.number);
  const double beta_2 = 1.0 - std::pow(t, config().beta_2_decay);
  float* const v = all.slots[2];
  const std::size_t rank = all.extents.rank();
  if (rank < 2) {
    for (std::size_t i = 0; i < all.size; ++i) {
      const double g = all.g[i];
      v[i] = static_cast<float>(beta_2 * v[i] + (1.0 - beta_2) * (g * g + config().epsilon_1));
    }
  } else {
    const auto rows = static_cast<std::size_t>(all.extents[rank - 2]);
    const auto columns = static_cast<std::size_t>(all.extents[rank - 1]);
    for (std::size_t n = 0; n < all.size / (rows * columns); ++n) {
      const std::size_t first = n * rows * columns;
      update_matrix(beta_2, all.g + first, all.slots[0] + n * rows, all.slots[1] + n * columns, v + first, rows,
                    columns);
    }
  }
  // A gradient of 0 moves nothing, even where v underflows to 0.
  const auto direction = [&](std::size_t i) { return all.g[i] == 0.0f ? 0.0f : all.g[i] / std::sqrt(v[i]); };
  double squares = 0.0;
  for (std::size_t i = 0; i < all.size; ++i) squares += static_cast<double>(direction(i)) * direction(i);
  const double size = std::sqrt(squares / static_cast<double>(all.size));
  const double rate =
      std::max(config().epsilon_2, rms(all.w, all.size)) * std::min(step.learning_rate, 1.0 / std::sqrt(t));
  const auto factor = static_cast<float>(rate / std::max(1.0, size / config().clip_threshold));
  for (std::size_t i = 0; i < all.size; ++i) all.w[i] -= factor * direction(i);
}

}  // namespace xeras::optimizers
