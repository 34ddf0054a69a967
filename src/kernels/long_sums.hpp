#pragma once

#include <cstddef>

// Accurate sums of many terms. Added one by one, 3,000,000 floats leave two or three correct digits; these sums have an
// error of at most about 1e-6, however many terms they have.
namespace xeras::kernels {

// The most terms that are added in float.
constexpr std::size_t terms_in_float = 64;

// Several sums with equal numbers of terms: blocks of terms_in_float terms are added in float, and the blocks in
// double. Shorter sums are added in place at no extra cost.
class LongSums {
 public:
  // The floats that n sums need in addition to their own; the doubles come first.
  static constexpr std::size_t room(std::size_t n) { return 3 * n; }

  // Adds to the current values of the sums. `room` may be null if the terms fit into one block.
  LongSums(float* sums, std::size_t n, float* room) : sums_(sums), n_(n), room_(room) {}

  // Returns where to add the next `terms` terms of each sum, at most terms_in_float.
  float* next(std::size_t terms) {
    if (terms_ + terms > terms_in_float) put_aside();
    terms_ += terms;
    return is_long_ ? part() : sums_;
  }

  // Stores the final sums: the initial values plus all terms.
  void finish();

 private:
  void put_aside();
  float* part() const { return room_ + 2 * n_; }
  double* totals() const { return reinterpret_cast<double*>(room_); }  // sums of the earlier blocks

  float* const sums_;
  const std::size_t n_;
  float* const room_;
  std::size_t terms_ = 0;  // in the current block
  bool is_long_ = false;
};

}  // namespace xeras::kernels
