#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "xeras/core/export.hpp"

namespace xeras::optimizers {

/// The moves of a weight by postponed updates of Adam, in which its gradient is 0.
///
/// With m and v after update s, update s + j moves the weight by
///   alpha(s + j) beta_1^j m / (beta_2^(j / 2) sqrt(v) + epsilon) = m / d alpha(s + j) r^j / (1 + p (z^j - 1)),
/// where r = beta_1 / sqrt(beta_2), z = 1 / sqrt(beta_2) and d = sqrt(v) + epsilon; only p = epsilon / d depends on the
/// weight. To rounding, the fraction is a polynomial in p: its interpolation at Chebyshev points of [0, 1]. So the sum
/// over j is a polynomial, too, whose coefficients are sums over j. Each update adds a term to the coefficients of the
/// earlier s, as far back as r^j matters. Weight decay before an update multiplies all earlier moves by 1 - decay.
///
///   catch_up.record(t, alpha);  // after each update t
///   catch_up.coefficients(s);   // the sums since update s
class XERAS_API AdamCatchUp {
 public:
  static constexpr std::size_t most_terms = 8;
  static constexpr std::int64_t longest = (1 << 14) - 1;  ///< the number of updates that records cover

  AdamCatchUp(double beta_1, double beta_2);
  /// False when most_terms are too few for these betas.
  bool exists() const { return terms_ > 0; }
  std::size_t terms() const { return terms_; }
  /// Allocates the memory that `record` needs.
  void reserve() { sums_.reserve(ring * terms_); }
  /// Records update number t: w -= decay w, then w -= alpha m / (sqrt(v) + epsilon).
  void record(std::int64_t t, double alpha, double decay = 0.0);
  void clear() { sums_.clear(); }
  /// Returns the number of updates after s that change the coefficients of s. The decay of later ones is missing there.
  std::int64_t steps() const { return exists() ? static_cast<std::int64_t>(series_.size() / terms_) : 0; }
  /// Returns the coefficients for all updates after update s, at most `longest` ago.
  std::span<const double> coefficients(std::int64_t s) const { return {sums_.data() + place(s), terms_}; }

 private:
  static constexpr std::size_t ring = longest + 1;
  std::size_t place(std::int64_t s) const { return static_cast<std::size_t>(s) % ring * terms_; }

  std::size_t terms_ = 0;
  std::vector<double> series_;  // (j from 1 on, term): r^j times the polynomial
  std::vector<double> sums_;    // (s modulo ring, term)
};

}  // namespace xeras::optimizers
