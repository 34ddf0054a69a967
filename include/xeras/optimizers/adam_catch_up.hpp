#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::optimizers {

/// The moves of a weight by updates of Adam that are postponed, since its gradient is 0.
///
/// With m and v as update s left them, update s + j moves the weight by
///   alpha(s + j) beta_1^j m / (beta_2^(j / 2) sqrt(v) + epsilon) = m / d alpha(s + j) r^j / (1 + p (z^j - 1)),
/// where r = beta_1 / sqrt(beta_2), z = 1 / sqrt(beta_2), d = sqrt(v) + epsilon, and p = epsilon / d is all that
/// depends on the weight. The fraction is a polynomial in p, to rounding: the one that agrees with it at Chebyshev
/// points of [0, 1]. So the sum over j is a polynomial, too, whose coefficients are those sums; each update adds to
/// those that belong to the s before it, as far back as r^j counts.
class XERAS_API AdamCatchUp {
 public:
  static constexpr std::size_t most_terms = 8;
  static constexpr std::int64_t longest = (1 << 14) - 1;  ///< updates that it goes back

  AdamCatchUp(double beta_1, double beta_2);
  /// False where the betas are such that this many terms are not exact.
  bool exists() const { return terms_ > 0; }
  std::size_t terms() const { return terms_; }
  /// Makes the memory that `record` needs.
  void reserve() { sums_.reserve(ring * terms_); }
  /// After update number t, which moved weights by alpha m / (sqrt(v) + epsilon).
  void record(std::int64_t t, double alpha);
  /// Drops all records.
  void clear() { sums_.clear(); }
  /// The coefficients for all updates after update s, which is at most `longest` ago.
  std::span<const double> coefficients(std::int64_t s) const { return {sums_.data() + place(s), terms_}; }

 private:
  static constexpr std::size_t ring = longest + 1;
  std::size_t place(std::int64_t s) const { return static_cast<std::size_t>(s) % ring * terms_; }

  std::size_t terms_ = 0;
  std::vector<double> series_;  // (j, term), j from 1 on: r^j times the polynomial
  std::vector<double> sums_;    // (s modulo ring, term)
};

}  // namespace xeras::optimizers
