#include "xeras/optimizers/adam_catch_up.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace xeras::optimizers {
namespace {

using Polynomial = std::array<double, AdamCatchUp::most_terms>;

double value(const Polynomial& c, std::size_t terms, double p) {
  double sum = 0.0;
  for (std::size_t k = terms; k-- > 0;) sum = sum * p + c[k];
  return sum;
}

// Returns the polynomial in p with this many terms that interpolates 1 / (1 + p y) at Chebyshev points of [0, 1].
Polynomial fraction(double y, std::size_t terms) {
  std::array<double, AdamCatchUp::most_terms> points{}, differences{};
  for (std::size_t i = 0; i < terms; ++i) {
    points[i] = 0.5 - 0.5 * std::cos(std::numbers::pi * (static_cast<double>(i) + 0.5) / static_cast<double>(terms));
    differences[i] = 1.0 / (1.0 + points[i] * y);
  }
  for (std::size_t order = 1; order < terms; ++order) {
    for (std::size_t i = terms; i-- > order;) {
      differences[i] = (differences[i] - differences[i - 1]) / (points[i] - points[i - order]);
    }
  }
  Polynomial c{};  // from Newton's form: c = c (p - point) + difference
  for (std::size_t order = terms; order-- > 0;) {
    for (std::size_t k = terms; k-- > 0;) c[k] = (k > 0 ? c[k - 1] : 0.0) - points[order] * c[k];
    c[0] += differences[order];
  }
  return c;
}

}  // namespace

AdamCatchUp::AdamCatchUp(double beta_1, double beta_2) {
  // Errors are relative to alpha; rounding alone causes about 1e-7 per step.
  constexpr double tolerance = 4e-7, nothing = 1e-12;
  constexpr std::size_t most_steps = 4096, grid = 32;
  const double ratio = beta_1 * beta_1 / beta_2;  // r^2
  if (!(beta_2 > 0.0 && ratio < 1.0)) return;
  const auto steps = beta_1 == 0.0 ? 1.0 : std::ceil(2.0 * std::log(nothing) / std::log(ratio));
  if (steps > most_steps) return;
  // The largest m / sqrt(v), by the Cauchy-Schwarz inequality.
  const double largest = (1.0 - beta_1) / std::sqrt((1.0 - beta_2) * (1.0 - ratio));
  for (std::size_t terms = 3; terms <= most_terms && !exists(); ++terms) {
    std::array<double, grid + 1> errors{};
    series_.clear();
    for (double j = 1.0; j <= steps; ++j) {
      const double y = std::pow(beta_2, -0.5 * j) - 1.0, share = std::pow(ratio, 0.5 * j);
      const Polynomial c = fraction(y, terms);
      for (std::size_t k = 0; k < terms; ++k) series_.push_back(share * c[k]);
      for (std::size_t i = 0; i <= grid; ++i) {
        const double p = static_cast<double>(i) / grid;
        errors[i] += share * (value(c, terms, p) - 1.0 / (1.0 + p * y)) * (1.0 - p) * largest;
      }
    }
    const auto small = [](double error) { return std::abs(error) <= tolerance; };
    if (std::all_of(errors.begin(), errors.end(), small)) terms_ = terms;
  }
}

void AdamCatchUp::record(std::int64_t t, double alpha, double decay) {
  sums_.resize(ring * terms_);
  const auto sums = [&](std::int64_t s) { return sums_.data() + place(s); };
  std::fill_n(sums(t), terms_, 0.0);
  const std::int64_t earliest = std::min(t, steps());
  const double kept = 1.0 - decay;
  for (std::int64_t j = 1; j <= earliest; ++j) {
    const double* const term = series_.data() + static_cast<std::size_t>(j - 1) * terms_;
    double* const sum = sums(t - j);
    for (std::size_t k = 0; k < terms_; ++k) sum[k] = kept * sum[k] + alpha * term[k];
  }
}

}  // namespace xeras::optimizers
