#pragma once

#include <map>
#include <string>
#include <vector>

namespace xeras::testing {

// What became of the cases of one golden file: numbers that real Keras computed (see golden/make_goldens.py).
struct GoldenOutcome {
  std::string made_with;  // "Keras 3.15.1, jax 0.10.2"
  std::size_t cases = 0;
  std::map<std::string, double> largest;  // by kind of number: the largest difference, |a - b| / (1 + |b|)
  std::vector<std::string> failures;      // whole sentences
};

// Plays every case of golden/<file>.json with the library's layers: outputs, masks, gradients, moving statistics, and
// of models the losses and weights of their trainings.
GoldenOutcome play_golden_file(const std::string& file);

// The largest difference that counts as the same, for a kind of number in GoldenOutcome::largest.
double golden_tolerance(const std::string& kind);

}  // namespace xeras::testing
