#pragma once

#include <cstddef>

// Sums of many terms. Added up one after the other, 3,000,000 floats leave a float two or three digits; these sums are
// at most about 1e-6 off, however many terms they have.
namespace xeras::kernels {

// The most terms that are added up in float.
constexpr std::size_t terms_in_float = 64;

// Some sums of as many terms each: terms_in_float at a time are added up in float, and these parts in double. Sums of
// fewer terms are added up where they are, and cost nothing more.
class LongSums {
 public:
  // In floats: the memory that n sums need besides their own, for doubles first.
  static constexpr std::size_t room(std::size_t n) { return 3 * n; }

  // The terms are added to what the sums hold. The room may be null where they are few.
  LongSums(float* sums, std::size_t n, float* room) : sums_(sums), n_(n), room_(room) {}

  // Where the next `terms` terms of each sum are added, at most terms_in_float of them.
  float* next(std::size_t terms) {
    if (terms_ + terms > terms_in_float) put_aside();
    terms_ += terms;
    return is_long_ ? part() : sums_;
  }

  // Once all terms are added: the sums are what they were, and their terms.
  void finish();

 private:
  void put_aside();
  float* part() const { return room_ + 2 * n_; }
  double* totals() const { return reinterpret_cast<double*>(room_); }  // those before the part

  float* const sums_;
  const std::size_t n_;
  float* const room_;
  std::size_t terms_ = 0;  // of the part
  bool is_long_ = false;
};

}  // namespace xeras::kernels
