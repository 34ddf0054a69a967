#include "xeras/metrics/reduction.hpp"

#include <fmt/format.h>

#include "core/masked_traps.hpp"
#include "losses/targets.hpp"
#include "xeras/core/error.hpp"

namespace xeras::metrics {
namespace {

struct Sums {
  double total = 0.0;    // sum(w v)
  double weight = 0.0;   // sum(w), where each weight counts once for each value that it covers
  double samples = 0.0;  // the length of the first axis
  double size = 0.0;     // the number of values
};

// Returns the number of values that a weight covers. As in Keras, one of values and weights may lack a last axis of 1.
std::int64_t values_per_weight(const Input& values, const Input& weights, const std::string& name) {
  const Extents& v = values.extents();
  const Extents& w = weights.extents();
  bool fits = w.rank() <= v.rank() || (w.rank() == v.rank() + 1 && w.last() == 1);
  for (std::size_t axis = 0; axis < std::min(v.rank(), w.rank()); ++axis) fits = fits && v[axis] == w[axis];
  // Weights (samples, 1) cover all values of a sample.
  fits = fits || (w.rank() == 2 && w.last() == 1 && v.rank() >= 2 && v[0] == w[0]);
  if (fits) return w.size() == 0 ? 1 : v.size() / w.size();
  throw InvalidInput(
      fmt::format("{}: sample_weight has shape {}, but the values have {}; expected their shape or that "
                  "of their first axes. Give one weight to each sample.",
                  name, w.to_string(), v.to_string()));
}

Sums sums_of(const Input& values, const Input& sample_weight, const std::string& name) {
  const MaskedTraps masked;
  check_finite(values, name, "values");
  const Tensor v = values.to_tensor();
  Sums sums;
  sums.samples = static_cast<double>(values.length());
  sums.size = static_cast<double>(v.size());
  if (!sample_weight) {
    for (const float value : v) sums.total += static_cast<double>(value);
    sums.weight = sums.size;
    return sums;
  }
  check_finite(sample_weight, name, "sample_weight");
  const auto per_weight = static_cast<std::size_t>(values_per_weight(values, sample_weight, name));
  const Tensor w = sample_weight.to_tensor();
  for (std::size_t i = 0; i < v.size(); ++i) {
    const double weight = w.data()[i / per_weight];
    sums.total += weight * static_cast<double>(v.data()[i]);
    sums.weight += weight;
  }
  return sums;
}

}  // namespace

void Mean::update_state(const Input& values, const Input& sample_weight) {
  const Sums sums = sums_of(values, sample_weight, name());
  if (sums.size == 0.0) return;
  const double values_per_sample = sums.size / sums.samples;
  total_ += sums.total / values_per_sample;
  count_ += sums.weight / values_per_sample;
}

void Sum::update_state(const Input& values, const Input& sample_weight) {
  total_ += sums_of(values, sample_weight, name()).total;
}

}  // namespace xeras::metrics
